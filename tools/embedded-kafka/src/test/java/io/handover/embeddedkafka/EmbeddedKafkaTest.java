package io.handover.embeddedkafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

    @TempDir
    Path dataDir;

    @Test
    void shouldKeepCommittedTransactionsOverARestart() throws Exception {
        // Given
        String clusterId;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dataDir, 0)) {
            clusterId = clusterId(kafka);
            createTopic(kafka);
            writeInATransaction(kafka, "before");
        }

        // When
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dataDir, 0)) {
            writeInATransaction(kafka, "after");

            // Then
            assertThat(clusterId(kafka)).isEqualTo(clusterId);
            assertThat(readCommitted(kafka, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void shouldSayThatThePortIsInUse() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            // When, Then
            assertThatThrownBy(() -> EmbeddedKafka.start(dataDir, port))
                    .isInstanceOf(CommandException.class)
                    .hasMessage("Port " + port + " is in use. Stop the program that uses it, or choose another port"
                            + " with --kafka-port.");
        }
    }

    @Test
    void shouldRefuseAFolderInUse() throws Exception {
        // Given
        try (EmbeddedKafka first = EmbeddedKafka.start(dataDir, 0)) {

            // When, Then
            assertThatThrownBy(() -> EmbeddedKafka.start(dataDir, 0))
                    .isInstanceOf(CommandException.class)
                    .hasMessage("The folder " + dataDir
                            + " is in use by another broker. Stop that broker, or choose another folder.");
            assertThat(clusterId(first)).isNotEmpty();
        }
    }

    private static String clusterId(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.describeCluster().clusterId().get(1, TimeUnit.MINUTES);
        }
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
                    .all()
                    .get(1, TimeUnit.MINUTES);
        }
    }

    private static void writeInATransaction(EmbeddedKafka kafka, String value) throws Exception {
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "writer", "acks", "all");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(PARTITION.topic(), value)).get(1, TimeUnit.MINUTES);
            producer.commitTransaction();
        }
    }

    private static List<String> readCommitted(EmbeddedKafka kafka, int count) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            List<String> values = new ArrayList<>();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
            return values;
        }
    }
}
