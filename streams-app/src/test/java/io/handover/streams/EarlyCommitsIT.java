package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.schema.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of an application whose commit interval is longer than the test waits. */
class EarlyCommitsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Map<String, String> SETTINGS = Map.of(
            "kafka.commit.interval.ms", "600000",
            "kafka.producer.transaction.timeout.ms", "900000",
            "after.call.work.timeout.ms", "2000",
            "out.of.order.grace.ms", "1000");

    @TempDir
    private Path folder;

    @Test
    void shouldCommitCommandsAndDeadlinesLongBeforeTheCommitInterval() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
                AppInstance app = new AppInstance(kafka.bootstrapServers(), folder.resolve("app"), SETTINGS);
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringSerializer(),
                        new ByteArraySerializer());
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", kafka.bootstrapServers(),
                                "group.id", "bot",
                                "auto.offset.reset", "earliest",
                                "isolation.level", "read_committed"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            await().atMost(PATIENCE).until(() -> app.app().ready());
            consumer.subscribe(List.of(Topics.COMMANDS));
            List<String> commands = new ArrayList<>();
            // When: the second command comes within the pause after the first
            producer.send(delivery("c-1", Deliveries.userStart("c-1", "anna", Instant.now())))
                    .get();
            producer.send(delivery("c-2", Deliveries.userStart("c-2", "berta", Instant.now())))
                    .get();
            // Then
            awaitCommands(consumer, commands, 2);
            // When: a quiet partition whose deadline needs a clock tick
            producer.send(delivery("c-1", Deliveries.userEnd("c-1", "anna", Instant.now(), "peer")))
                    .get();
            // Then
            awaitCommands(consumer, commands, 3);
            assertThat(commands.get(2)).startsWith("c-1").contains("agent-left");
            assertThat(app.fatal()).isNull();
        }
    }

    private static ProducerRecord<String, byte[]> delivery(String conversation, String delivery) {
        return new ProducerRecord<>(Topics.EVENTS, conversation, delivery.getBytes(StandardCharsets.UTF_8));
    }

    private static void awaitCommands(KafkaConsumer<String, String> consumer, List<String> commands, int number) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> commands.add(record.key() + ' ' + record.value()));
            assertThat(commands).hasSize(number);
        });
    }
}
