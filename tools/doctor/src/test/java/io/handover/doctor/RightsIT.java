package io.handover.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.ingress.IngressBridge;
import io.handover.schema.Topics;
import io.handover.service.StartException;
import io.handover.streams.StreamsApp;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs the processes with exactly the rights of docs/rights.md, and without each of them, over SASL_SSL. */
class RightsIT {

    private static final String BRIDGE = "ingress-bridge";
    private static final String APP = "streams-app";
    private static final String BOT = "bot";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Map<String, String> BIG = Map.of("max.message.bytes", "2097152");

    @TempDir
    private static Path folder;

    private static SecuredKafka kafka;
    private static DocumentedRights rights;

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void startKafka() throws Exception {
        kafka = SecuredKafka.start(folder, List.of(BRIDGE, APP, BOT));
        rights = new DocumentedRights(Path.of("../../docs/rights.md"));
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void grantAllAndCreateTopics() throws Exception {
        for (String user : List.of(BRIDGE, APP, BOT)) {
            kafka.admin().createAcls(rights.of(user)).all().get();
        }
        Map<String, String> events = new HashMap<>(BIG);
        events.put("message.timestamp.type", "LogAppendTime");
        kafka.admin()
                .createTopics(List.of(
                        new NewTopic(Topics.EVENTS, 2, (short) 1).configs(events),
                        new NewTopic(Topics.COMMANDS, 2, (short) 1),
                        new NewTopic(Topics.DEAD_LETTERS, 1, (short) 1).configs(BIG)))
                .all()
                .get();
    }

    @AfterEach
    void deleteTopics() throws Exception {
        kafka.admin()
                .deleteTopics(kafka.admin().listTopics().names().get())
                .all()
                .get();
        kafka.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
        Awaitility.await().until(() -> kafka.admin().listTopics().names().get().isEmpty());
    }

    @Test
    void shouldWorkWithExactlyTheseRights() throws Exception {
        // Given
        try (IngressBridge bridge = startBridge();
                StreamsApp app = startApp("works")) {
            Awaitility.await().atMost(PATIENCE).until(() -> bridge.ready() && app.ready());

            // When
            HttpResponse<String> answer = post(bridge);

            // Then
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(command()).contains("\"type\":\"agent-updated\"");
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void shouldReportEachRightThatStreamsAppLacks() throws Exception {
        // Given
        try (StreamsApp app = startApp("first")) {
            Awaitility.await().atMost(PATIENCE).until(app::ready);
            publishEvent(1);
            Awaitility.await().atMost(PATIENCE).until(() -> !command().isEmpty());
        }
        Map<String, String> reports = new TreeMap<>();

        // When
        int number = 1;
        // A topic is deleted to see that it cannot be created. So that comes last.
        List<AclBinding> all = rights.of(APP).stream()
                .sorted(Comparator.comparing(right -> right.entry().operation() == AclOperation.CREATE))
                .toList();
        for (AclBinding right : all) {
            takeAway(right);
            if (right.entry().operation() == AclOperation.CREATE) {
                kafka.admin()
                        .deleteTopics(List.of(right.pattern().name()))
                        .all()
                        .get();
            }
            publishEvent(++number);
            reports.put(DocumentedRights.name(right), reportOfApp("state-" + number));
            kafka.admin().createAcls(List.of(right)).all().get();
        }

        // Then
        assertDocumented(reports, APP);
    }

    @Test
    void shouldReportEachRightThatTheBridgeLacks() throws Exception {
        // Given
        kafka.admin()
                .createTopics(List.of(new NewTopic("handover-conversations-changelog", 2, (short) 1)))
                .all()
                .get();
        Map<String, String> reports = new TreeMap<>();

        // When
        for (AclBinding right : rights.of(BRIDGE)) {
            takeAway(right);
            reports.put(DocumentedRights.name(right), doctor());
            kafka.admin().createAcls(List.of(right)).all().get();
        }

        // Then
        assertDocumented(reports, BRIDGE);
    }

    @Test
    void shouldReportEachRightThatABotLacks() throws Exception {
        // Given
        Map<String, String> reports = new TreeMap<>();

        // When
        for (AclBinding right : rights.of(BOT)) {
            takeAway(right);
            Throwable failure = Assertions.catchThrowable(RightsIT::command);
            reports.put(DocumentedRights.name(right), String.valueOf(failure.getMessage()));
            kafka.admin().createAcls(List.of(right)).all().get();
        }

        // Then
        assertDocumented(reports, BOT);
    }

    /** Returns when the broker has applied it. */
    private static void takeAway(AclBinding right) throws Exception {
        kafka.admin().deleteAcls(List.of(right.toFilter())).all().get();
        Awaitility.await()
                .until(() -> kafka.admin()
                        .describeAcls(right.toFilter())
                        .values()
                        .get()
                        .isEmpty());
    }

    private static void assertDocumented(Map<String, String> reports, String user) {
        Map<String, String> documented = rights.without(user);
        assertThat(documented).containsOnlyKeys(reports.keySet());
        documented.forEach((right, words) -> {
            if (words.equals("nothing")) {
                assertThat(reports.get(right)).as("without " + right).doesNotContain("permit", "refused");
            } else {
                assertThat(reports.get(right)).as("without " + right).contains(words);
            }
        });
    }

    /** Starts the app, and returns all that it and the doctor say. */
    private String reportOfApp(String state) throws Exception {
        failures.clear();
        StringBuilder report = new StringBuilder();
        try (StreamsApp app = startApp(state)) {
            Awaitility.await().atMost(PATIENCE).until(() -> !failures.isEmpty() || hasReadAll(app));
        } catch (StartException e) {
            report.append(e.getMessage());
        }
        failures.forEach(failure -> report.append(failure.getMessage()).append(' '));
        return report.append(doctor()).toString();
    }

    private boolean hasReadAll(StreamsApp app) throws Exception {
        if (!app.ready()) {
            return false;
        }
        Map<TopicPartition, OffsetAndMetadata> read = kafka.admin()
                .listConsumerGroupOffsets("handover")
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, OffsetSpec> all = Map.of(
                new TopicPartition(Topics.EVENTS, 0),
                OffsetSpec.latest(),
                new TopicPartition(Topics.EVENTS, 1),
                OffsetSpec.latest());
        return kafka.admin().listOffsets(all).all().get().entrySet().stream()
                .allMatch(end -> end.getValue().offset() == 0
                        || (read.containsKey(end.getKey())
                                && read.get(end.getKey()).offset()
                                        >= end.getValue().offset()));
    }

    /** Runs the doctor with the settings of both processes, and returns its report. */
    private static String doctor() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        CommandRunner.run(
                (printOut, printErr, stop) -> new CommandLine(new DoctorCommand(printOut)),
                print,
                print,
                new StopSignal(),
                "--bridge-config",
                settingsFile(BRIDGE),
                "--app-config",
                settingsFile(APP));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String settingsFile(String user) throws IOException {
        StringBuilder lines = new StringBuilder();
        settings(user)
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        return Files.writeString(Files.createTempFile(folder, user, ".properties"), lines)
                .toString();
    }

    /** Writes the start of an agent in a new conversation, with the rights of nobody else. */
    private static void publishEvent(int number) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.plainBootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(
                    Topics.EVENTS,
                    "conversation-" + number,
                    event("conversation-" + number).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static IngressBridge startBridge() {
        Map<String, String> settings = settings(BRIDGE);
        settings.putAll(Map.of("api.key", "key", "organization.check.skip", "true", "http.port", "0"));
        return IngressBridge.start(IngressBridge.settings().load(null, Map.of(), settings));
    }

    private StreamsApp startApp(String state) {
        Map<String, String> settings = settings(APP);
        settings.put("state.dir", folder.resolve(state).toString());
        settings.put("kafka.session.timeout.ms", "6000");
        return StreamsApp.start(StreamsApp.settings().load(null, Map.of(), settings), failures::add);
    }

    private static Map<String, String> settings(String user) {
        Map<String, String> settings = new HashMap<>();
        kafka.client(user).forEach((name, value) -> settings.put("kafka." + name, value));
        settings.put("management.port", "0");
        return settings;
    }

    private static String event(String conversation) {
        return """
                {"source":"aws.partner/genesys.com/cloud/my-genesys/example-organization",
                 "detail":{"topicName":"v2.detail.events.conversation.%s.user.start",
                           "eventBody":{"eventTime":%d,"sessionId":"session-1","userId":"agent-1"}}}
                """.formatted(conversation, System.currentTimeMillis());
    }

    private static HttpResponse<String> post(IngressBridge bridge) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + bridge.port() + "/handover/genesysCloudOM"))
                                .header("Authorization", "key")
                                .POST(HttpRequest.BodyPublishers.ofString(event("conversation-0")))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** Returns the first command, read with the rights of a bot. */
    private static String command() {
        Properties properties = new Properties();
        properties.putAll(kafka.client(BOT));
        properties.put("group.id", "bot");
        properties.put("isolation.level", "read_committed");
        properties.put("auto.offset.reset", "earliest");
        List<String> commands = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topics.COMMANDS));
            Awaitility.await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> commands.add(new String(record.value(), StandardCharsets.UTF_8)));
                return !commands.isEmpty();
            });
        }
        return commands.get(0);
    }
}
