package io.handover.history.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.embeddedkafka.FreePorts;
import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.ClockTick;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.terminal.CommandException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Reads a topic of a real broker as a source. */
class PastTopicIT {

    private static final int PARTITIONS = 3;
    private static final long START = Instant.parse("2026-01-15T10:00:00Z").toEpochMilli();

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static Admin admin;
    private String topic;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start(folder.resolve("broker"), 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) throws Exception {
        topic = test.getTestMethod().orElseThrow().getName();
        admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                .all()
                .get(1, TimeUnit.MINUTES);
    }

    @Test
    void shouldReadPartitionsInTheOrderOfTime() throws Exception {
        // Given
        int count = 30_000;
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // The last partition begins when the others have ended. Meanwhile it must not fill the memory.
            records.add(record(i < count / 2 ? i % 2 : 2, START + i, "conversation-" + i % 7));
        }
        try (KafkaProducer<String, byte[]> producer = producer(null)) {
            send(producer, records);
        }
        List<PastDelivery> read = new ArrayList<>();
        // When
        try (PastDeliveries deliveries = open()) {
            assertThat(deliveries.fraction()).isZero();
            drain(deliveries, read);
            // Then
            assertThat(deliveries.fraction()).isEqualTo(1);
            assertThat(deliveries.time()).isEqualTo(START + count - 1);
        }
        assertThat(read).hasSize(count);
        assertThat(read).extracting(PastDelivery::time).isSorted();
        Map<String, Long> offsets = new HashMap<>();
        assertThat(read).allSatisfy(delivery -> {
            assertThat(delivery.number()).isEqualTo(offsets.getOrDefault(delivery.source(), -1L) + 1);
            offsets.put(delivery.source(), delivery.number());
        });
        assertThat(offsets).containsOnlyKeys(topic + "-0", topic + "-1", topic + "-2");
    }

    @Test
    void shouldAdvanceTheTimeByTicks() throws Exception {
        // Given
        try (KafkaProducer<String, byte[]> producer = producer(null)) {
            byte[] tick = HandoverSerdes.clockTickSerializer()
                    .serialize(Topics.EVENTS, new ClockTick(1, Instant.ofEpochMilli(START + 9_000)));
            List<Header> headers = List.of(RecordKind.CLOCK_TICK.header());
            send(
                    producer,
                    List.of(
                            record(0, START, "a"),
                            new ProducerRecord<>(topic, 1, START + 9_000, null, tick, headers),
                            record(1, START + 5_000, "b")));
        }
        // When
        try (PastDeliveries deliveries = open()) {
            PastDelivery first = deliveries.next();
            PastDelivery second = deliveries.next();
            PastDelivery third = deliveries.next();
            // Then
            assertThat(first).extracting(PastDelivery::key).isEqualTo("a");
            assertThat(second).extracting(PastDelivery::delivery).isNull();
            assertThat(third).extracting(PastDelivery::key).isEqualTo("b");
            assertThat(deliveries.time()).isEqualTo(START + 9_000);
            assertThat(deliveries.next()).isNull();
        }
    }

    @Test
    void shouldEndWhereTheTopicEndedWhenItBegan() throws Exception {
        // Given
        List<PastDelivery> read = new ArrayList<>();
        try (KafkaProducer<String, byte[]> producer = producer(null)) {
            send(producer, 0, 5_000);
            // When
            try (PastDeliveries deliveries = open()) {
                send(producer, 5_000, 10_000);
                drain(deliveries, read);
                // Then
                assertThat(deliveries.fraction()).isEqualTo(1);
            }
        }
        assertThat(read).hasSize(5_000);
        assertThat(read).extracting(PastDelivery::time).allMatch(time -> time < START + 5_000);
    }

    @Test
    void shouldReadOnlyCommittedTransactions() throws Exception {
        // Given
        try (KafkaProducer<String, byte[]> aborted = producer("aborted");
                KafkaProducer<String, byte[]> committed = producer("committed");
                KafkaProducer<String, byte[]> open = producer("open")) {
            List.of(aborted, committed, open).forEach(producer -> {
                producer.initTransactions();
                producer.beginTransaction();
            });
            send(aborted, 0, 100);
            aborted.abortTransaction();
            send(committed, 100, 200);
            committed.commitTransaction();
            List<RecordMetadata> hanging = send(open, 200, 300);
            awaitEnd(hanging.get(0));
            awaitEnd(hanging.get(1));
            awaitEnd(hanging.get(2));
            List<PastDelivery> read = new ArrayList<>();
            // When
            try (PastDeliveries deliveries = open()) {
                drain(deliveries, read);
                assertThat(deliveries.fraction()).isEqualTo(1);
            }
            // Then
            assertThat(read).extracting(PastDelivery::time).hasSize(100).allMatch(time -> time >= START + 100);
            open.abortTransaction();
        }
    }

    @Test
    void shouldBeginAtATime() throws Exception {
        // Given
        try (KafkaProducer<String, byte[]> producer = producer(null)) {
            send(producer, 0, 6_000);
        }
        List<PastDelivery> read = new ArrayList<>();
        // When
        try (PastDeliveries deliveries = open("--from", "2026-01-15T10:00:02Z", "--to", "2026-01-15T10:00:05Z")) {
            drain(deliveries, read);
        }
        // Then
        assertThat(read).hasSize(3_000);
        assertThat(read.get(0).time()).isEqualTo(START + 2_000);
    }

    @Test
    void shouldReadNothingFromAnEmptyTopicOrAfterItsEnd() throws Exception {
        try (PastDeliveries empty = open()) {
            assertThat(empty.next()).isNull();
            assertThat(empty.fraction()).isEqualTo(1);
        }
        try (KafkaProducer<String, byte[]> producer = producer(null)) {
            send(producer, 0, 10);
        }
        try (PastDeliveries over = open("--from", "2026-01-16T10:00:00Z")) {
            assertThat(over.next()).isNull();
        }
    }

    @Test
    void shouldChangeNothingOnTheCluster() throws Exception {
        // Given
        try (KafkaProducer<String, byte[]> producer = producer(null)) {
            send(producer, 0, 100);
        }
        // When
        try (PastDeliveries deliveries = open()) {
            drain(deliveries, new ArrayList<>());
        }
        // Then
        assertThat(admin.listGroups().all().get(1, TimeUnit.MINUTES)).isEmpty();
        assertThat(admin.listTopics().names().get(1, TimeUnit.MINUTES)).doesNotContain("__consumer_offsets");
    }

    @Test
    void shouldNotCreateATopic() throws Exception {
        assertThatThrownBy(
                        () -> options("topic:nowhere", kafka.bootstrapServers()).open(null))
                .isInstanceOf(CommandException.class)
                .hasMessage("There is no topic nowhere on this cluster.");
        assertThatThrownBy(() ->
                        options("topic:no where", kafka.bootstrapServers()).open(null))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith("The topic no where cannot be read: ");
        assertThat(admin.listTopics().names().get(1, TimeUnit.MINUTES)).doesNotContain("nowhere");
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswer() throws Exception {
        // Given
        Path config = Files.writeString(
                folder.resolve("client.properties"), "default.api.timeout.ms=1000\nrequest.timeout.ms=900\n");
        String nowhere = "127.0.0.1:" + FreePorts.free();
        // When / Then
        assertThatThrownBy(() -> options("topic:x", nowhere, "--command-config", config.toString())
                        .open(null))
                .isInstanceOf(CommandException.class)
                .hasMessage("The topic x cannot be read: Kafka does not answer at " + nowhere + ".");
    }

    /** Waits until the record is the last stable offset: Kafka writes the markers of a commit after its answer. */
    private static void awaitEnd(RecordMetadata record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> admin.listOffsets(
                                        Map.of(partition, OffsetSpec.latest()),
                                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .partitionResult(partition)
                                .get(1, TimeUnit.MINUTES)
                                .offset()
                        == record.offset());
    }

    private List<RecordMetadata> send(KafkaProducer<String, byte[]> producer, int from, int to) throws Exception {
        return send(
                producer,
                IntStream.range(from, to)
                        .mapToObj(i -> record(i % PARTITIONS, START + i, "conversation-" + i))
                        .toList());
    }

    private static List<RecordMetadata> send(
            KafkaProducer<String, byte[]> producer, List<ProducerRecord<String, byte[]>> records) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        records.forEach(record -> sent.add(producer.send(record)));
        producer.flush();
        List<RecordMetadata> written = new ArrayList<>();
        for (Future<RecordMetadata> one : sent) {
            written.add(one.get(1, TimeUnit.MINUTES));
        }
        return written;
    }

    private ProducerRecord<String, byte[]> record(int partition, long time, String conversation) {
        String json = """
                {"id":"event-1","detail-type":"v2.detail.events.conversation.{id}.acw","time":"2026-01-15T10:00:00Z",\
                "detail":{"topicName":"v2.detail.events.conversation.%s.acw","padding":"%s"}}""".formatted(conversation, "x".repeat(500));
        return new ProducerRecord<>(topic, partition, time, conversation, json.getBytes(StandardCharsets.UTF_8));
    }

    private static KafkaProducer<String, byte[]> producer(@Nullable String transactionalId) {
        Map<String, Object> config =
                new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"));
        if (transactionalId != null) {
            config.put("transactional.id", transactionalId);
        }
        // The leader of a new partition can reject the first batch and accept the second. Then it rejects every
        // retry of the first one as out of order.
        config.put("max.in.flight.requests.per.connection", "1");
        return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }

    private PastDeliveries open(String... more) {
        return options("topic:" + topic, kafka.bootstrapServers(), more).open(null);
    }

    private static SourceOptions options(String source, String servers, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                source,
                "--bootstrap-server",
                servers,
                "--broken",
                folder.resolve("broken").toString()));
        arguments.addAll(List.of(more));
        SourceOptions options = new SourceOptions();
        new CommandLine(options).parseArgs(arguments.toArray(String[]::new));
        return options;
    }

    private static void drain(PastDeliveries deliveries, List<PastDelivery> read) {
        for (PastDelivery next = deliveries.next(); next != null; next = deliveries.next()) {
            read.add(next);
        }
    }
}
