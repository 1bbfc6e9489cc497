package io.handover.history.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.history.live.FakeManagement;
import io.handover.schema.Delivery;
import io.handover.schema.KeyPartition;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Explains a conversation of a running installation: a real broker, and a management port that the test answers for. */
class ExplainLiveIT {

    private static final String TOPIC = "events-of-this-installation";
    private static final int PARTITIONS = 3;
    private static final int OTHERS = 100;
    private static final String ID = "15bec215-8a3c-4a53-b0e5-0f9d83b7a2c1";
    private static final int PARTITION = KeyPartition.of(ID.getBytes(StandardCharsets.UTF_8), PARTITIONS);
    private static final long DAY_BEFORE = Instant.parse("2026-01-14T10:00:00Z").toEpochMilli();

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;

    private FakeManagement app;

    /** The exit code and the output of a run. */
    private record Run(int code, String out, String err) {}

    @BeforeAll
    static void publish() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("broker"), 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get(1, TimeUnit.MINUTES);
        }
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int i = 0; i < OTHERS * PARTITIONS; i++) {
            records.add(other(i, DAY_BEFORE + i));
        }
        for (byte[] delivery : deliveries()) {
            Delivery read = Delivery.read(delivery);
            records.add(new ProducerRecord<>(TOPIC, PARTITION, read.timeMs(), read.key(), delivery));
        }
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.in.flight.requests.per.connection", "1"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            for (Future<?> each : sent) {
                each.get(1, TimeUnit.MINUTES);
            }
        }
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void start() throws IOException {
        app = new FakeManagement();
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void shouldReadOnlyThePartitionOfTheConversationFromItsFirstEvent() throws Exception {
        // Given
        answer("\"agents\":[{\"sessionId\":\"a1\",\"agentId\":\"anna\",\"cycle\":1,"
                + "\"startedAt\":\"2026-01-15T23:50:00.000Z\"}]");
        Run whole = explain("topic:" + TOPIC);
        // When
        Run live = explain("--live");
        // Then
        assertThat(live.code()).as(live.err()).isZero();
        assertThat(live.err()).isEqualTo("Read " + deliveries().size() + " deliveries." + System.lineSeparator());
        assertThat(whole.err())
                .isEqualTo("Read " + (deliveries().size() + OTHERS * PARTITIONS) + " deliveries."
                        + System.lineSeparator());
        assertThat(live.out()).startsWith("Conversation  " + ID).contains("Now           2026-01-16 08:05:00.000 UTC");
        String[] parts = live.out().split("\\R\\R", 2);
        assertThat(parts[1]).isEqualTo(whole.out()).contains(">>> handover-ended (agent-left), cycle 1");
    }

    @Test
    void shouldReadTheWholePartitionIfTheStateDoesNotKnowTheFirstHandover() throws Exception {
        // Given
        answer("\"openedAt\":\"2026-01-16T08:00:00.000Z\"");
        Run whole = explain("topic:" + TOPIC);
        // When
        Run live = explain("--live");
        // Then
        assertThat(live.code()).as(live.err()).isZero();
        assertThat(live.err().lines())
                .containsExactly(
                        "Read 3 deliveries.",
                        "The state no longer knows the first handover; reading the whole partition.",
                        "Read " + (deliveries().size() + OTHERS) + " deliveries.");
        assertThat(live.out()).endsWith(whole.out());
    }

    @Test
    void shouldSayThatStreamsAppDecidedWithOtherSettings() {
        // Given
        String same = """
                {"at":"2026-01-15T23:55:00.000Z","topic":"user.end","outcome":"agent-left"},
                {"at":"2026-01-15T23:57:00.000Z","outcome":"deadline-ended"}""";
        String other = "{\"at\":\"2026-01-15T23:56:00.000Z\",\"outcome\":\"deadline-ended\"}";
        answer("\"openedAt\":\"2026-01-15T23:50:00.000Z\",\"recent\":[" + same + "]");
        answer("\"openedAt\":\"2026-01-15T23:50:00.000Z\",\"recent\":[" + same + "," + other + "]");
        Run agreed = explain("--live");
        // When
        Run live = explain("--live");
        // Then
        assertThat(agreed.err()).doesNotContain("otherwise");
        assertThat(live.code()).isZero();
        assertThat(live.err())
                .contains(
                        "streams-app decided otherwise: deadline-ended at 2026-01-15 23:56:00.000. Give its settings with"
                                + " --config or in the environment.");
    }

    @Test
    void shouldWriteTheStateIntoTheJson() {
        // Given
        answer("\"openedAt\":\"2026-01-15T23:50:00.000Z\"");
        // When
        Run live = explain("--live", "--json");
        // Then
        assertThat(live.out().lines())
                .singleElement()
                .asString()
                .contains("\"cycles\":[{\"number\":1,", "\"live\":{\"conversationId\":\"" + ID + "\"");
    }

    @Test
    void shouldStopWithTheSentenceOfTheApi() {
        // Given
        app.answers("GET /conversations/" + ID, 404, "{\"error\":\"The conversation is unknown.\"}");
        // When
        Run live = explain("--live");
        // Then
        assertThat(live).isEqualTo(new Run(1, "", "handover: The conversation is unknown." + System.lineSeparator()));
    }

    private void answer(String fields) {
        app.answers(
                "GET /conversations/" + ID,
                200,
                "{\"conversationId\":\"" + ID + "\",\"partition\":" + PARTITION
                        + ",\"now\":\"2026-01-16T08:05:00.000Z\",\"open\":true,\"cycle\":2," + fields + "}");
    }

    private Run explain(String... arguments) {
        Map<String, String> environment = new HashMap<>(app.environment());
        environment.put("HANDOVER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("HANDOVER_TOPIC_EVENTS", TOPIC);
        // Settings of streams-app that a plain consumer must not take.
        environment.put("HANDOVER_KAFKA_GROUP_PROTOCOL", "streams");
        List<String> all = new ArrayList<>(List.of("explain", ID));
        all.addAll(List.of(arguments));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = CommandRunner.run(
                (o, e, stop) -> new CommandLine(CommandSpec.create().name("./handover"))
                        .addSubcommand(new ExplainCommand(o, e, stop, environment)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                all.toArray(String[]::new));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static List<byte[]> deliveries() throws IOException {
        return Files.readAllLines(Path.of("src", "test", "resources", "explain", "reopened.ndjson")).stream()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static ProducerRecord<String, byte[]> other(int number, long at) {
        String id = "other-" + number;
        String json = """
                {"id":"%1$s","source":"aws.partner/genesys.com/cloud/0e9d4c1a/example-organization",\
                "time":"2026-01-14T10:00:00Z","detail":{"topicName":\
                "v2.detail.events.conversation.%1$s.customer.end","eventBody":{"eventTime":%2$d,\
                "conversationId":"%1$s","sessionId":"c","mediaType":"MESSAGE","messageType":"OPEN"}}}""".formatted(id, at);
        return new ProducerRecord<>(TOPIC, number % PARTITIONS, at, id, json.getBytes(StandardCharsets.UTF_8));
    }
}
