package io.handover.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.fakegenesys.FakeAgent;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.ingress.IngressBridge;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.RecordKind;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Runs the processes with exactly the rights of docs/rights.md, and without each of them, over SASL_SSL. */
class RightsIT {

    private static final String BRIDGE = "ingress-bridge";
    private static final String APP = "streams-app";
    private static final String BOT = "bot";
    private static final String PROFILES = "streams-app-profiles";
    private static final String DIRECTORY = "ingress-bridge-directory";
    private static final String AGENT = "5c7e9a1b-3d2f-4b6a-8c0d-1e2f3a4b5c61";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Map<String, String> BIG = Map.of("max.message.bytes", "2097152");

    @TempDir
    private static Path folder;

    private static SecuredKafka kafka;
    private static DocumentedRights rights;
    private static FakeGenesys genesys;

    private static final Map<String, String> WITH_PROFILES = Map.of("agent.profiles", "on");

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final LoggedReasons log = new LoggedReasons();

    @BeforeAll
    static void startKafka() throws Exception {
        rights = new DocumentedRights(Path.of("../../docs/rights.md"));
        kafka = SecuredKafka.start(folder, rights.users());
        genesys = FakeGenesys.start(0);
        genesys.put(new FakeAgent(AGENT, "Olga"));
    }

    @AfterAll
    static void stopKafka() {
        genesys.close();
        kafka.close();
    }

    @BeforeEach
    void grantAllAndCreateTopics() throws Exception {
        for (String section : List.of(BRIDGE, APP, PROFILES, DIRECTORY, BOT)) {
            kafka.admin().createAcls(rights.of(section)).all().get();
        }
        Map<String, String> events = new HashMap<>(BIG);
        events.put("message.timestamp.type", "LogAppendTime");
        kafka.admin()
                .createTopics(List.of(
                        new NewTopic(Topics.EVENTS, 2, (short) 1).configs(events),
                        new NewTopic(Topics.COMMANDS, 2, (short) 1),
                        new NewTopic(Topics.DEAD_LETTERS, 1, (short) 1).configs(BIG),
                        new NewTopic(Topics.AGENT_LOOKUPS, 1, (short) 1)))
                .all()
                .get();
    }

    @AfterEach
    void deleteTopics() throws Exception {
        log.close();
        kafka.delete(kafka.admin().listTopics().names().get());
        kafka.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
    }

    @Test
    void shouldWorkWithExactlyTheseRights() throws Exception {
        // Given
        revoke(PROFILES);
        revoke(DIRECTORY);
        try (IngressBridge bridge = startBridge(Map.of());
                StreamsApp app = startApp("works", Map.of())) {
            Awaitility.await().atMost(PATIENCE).until(() -> bridge.ready() && app.ready());

            // When
            HttpResponse<String> answer = post(bridge);

            // Then
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(command("\"type\":\"agent-updated\"")).isNotEmpty();
            assertThat(failures).isEmpty();
            assertThat(log.reasons()).noneMatch(reason -> reason.contains("permit"));
        }
    }

    @Test
    void shouldGiveNamesWithExactlyTheseRights() throws Exception {
        // Given
        try (IngressBridge bridge = startBridge(genesysSettings());
                StreamsApp app = startApp("names", WITH_PROFILES)) {
            Awaitility.await().atMost(PATIENCE).until(() -> bridge.ready() && app.ready());

            // When
            HttpResponse<String> answer = post(bridge);

            // Then
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(command("\"name\":\"Olga\"")).isNotEmpty();
            assertThat(failures).isEmpty();
            assertThat(log.reasons()).noneMatch(reason -> reason.contains("permit"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {APP, PROFILES})
    void shouldReportEachRightThatStreamsAppLacks(String section) throws Exception {
        // Given
        try (StreamsApp app = startApp(section, WITH_PROFILES)) {
            Awaitility.await().atMost(PATIENCE).until(app::ready);
            publishEvent(1);
            Awaitility.await().atMost(PATIENCE).until(() -> hasReadAll(app));
        }
        Map<String, String> reports = new TreeMap<>();

        // When
        int number = 1;
        // A topic is deleted to see that it cannot be created. So that comes last.
        List<AclBinding> all = rights.of(section).stream()
                .sorted(Comparator.comparing(right -> right.entry().operation() == AclOperation.CREATE))
                .toList();
        for (AclBinding right : all) {
            kafka.takeAway(right);
            if (right.entry().operation() == AclOperation.CREATE) {
                kafka.delete(List.of(right.pattern().name()));
            }
            publishEvent(++number);
            reports.put(DocumentedRights.name(right), reportOfApp(section + number));
            kafka.grant(right);
        }

        // Then
        rights.assertDocumented(section, reports);
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
            kafka.takeAway(right);
            reports.put(DocumentedRights.name(right), doctor(Map.of(), Map.of()));
            kafka.grant(right);
        }

        // Then
        rights.assertDocumented(BRIDGE, reports);
    }

    @Test
    void shouldReportEachRightThatTheAgentDirectoryLacks() throws Exception {
        // Given
        Map<String, String> reports = new TreeMap<>();

        // When
        for (AclBinding right : rights.of(DIRECTORY)) {
            kafka.takeAway(right);
            StringBuilder report = new StringBuilder(doctor(genesysSettings(), Map.of()));
            if (right.entry().operation() != AclOperation.DESCRIBE_CONFIGS) {
                try (IngressBridge bridge = startBridge(genesysSettings())) {
                    Awaitility.await().atMost(PATIENCE).until(() -> directory(bridge), body -> body.contains("permit"));
                    report.append(directory(bridge));
                }
            }
            reports.put(DocumentedRights.name(right), report.toString());
            kafka.grant(right);
        }

        // Then
        rights.assertDocumented(DIRECTORY, reports);
    }

    private static void revoke(String section) throws Exception {
        for (AclBinding right : rights.of(section)) {
            kafka.takeAway(right);
        }
    }

    /** Starts the app, and returns all that it and the doctor say. */
    private String reportOfApp(String state) throws Exception {
        failures.clear();
        log.clear();
        StringBuilder report = new StringBuilder();
        try (StreamsApp app = startApp(state, WITH_PROFILES)) {
            Awaitility.await().atMost(PATIENCE).until(() -> !failures.isEmpty() || hasReadAll(app));
        } catch (StartException e) {
            report.append(e.getMessage());
        }
        failures.forEach(failure -> report.append(failure.getMessage()).append(' '));
        log.reasons().forEach(reason -> report.append(reason).append(' '));
        return report.append(doctor(Map.of(), WITH_PROFILES)).toString();
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
    private static String doctor(Map<String, String> ofBridge, Map<String, String> ofApp) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        CommandRunner.run(
                (printOut, printErr, stop) -> new CommandLine(new DoctorCommand(printOut)),
                print,
                print,
                new StopSignal(),
                "--bridge-config",
                settingsFile(BRIDGE, ofBridge),
                "--app-config",
                settingsFile(APP, ofApp));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String settingsFile(String user, Map<String, String> more) throws IOException {
        StringBuilder lines = new StringBuilder();
        settings(user, more)
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        return Files.writeString(Files.createTempFile(folder, user, ".properties"), lines)
                .toString();
    }

    /** Writes the start of an agent in a new conversation, and the profile, with the rights of nobody else. */
    private static void publishEvent(int number) {
        String conversation = "conversation-" + number;
        byte[] profile = HandoverSerdes.agentProfileSerializer()
                .serialize(Topics.EVENTS, new AgentProfile(conversation, AGENT, "Olga " + number, null));
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.plainBootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            Future<RecordMetadata> unusedStart = producer.send(new ProducerRecord<>(
                    Topics.EVENTS, conversation, event(conversation).getBytes(StandardCharsets.UTF_8)));
            Future<RecordMetadata> unusedProfile = producer.send(new ProducerRecord<>(
                    Topics.EVENTS, null, conversation, profile, List.of(RecordKind.AGENT_PROFILE.header())));
        }
    }

    private static IngressBridge startBridge(Map<String, String> more) {
        Map<String, String> settings = settings(BRIDGE, more);
        settings.putAll(Map.of("api.key", "key", "organization.check.skip", "true", "http.port", "0"));
        return IngressBridge.start(IngressBridge.settings().load(null, Map.of(), settings));
    }

    private StreamsApp startApp(String state, Map<String, String> more) {
        Map<String, String> settings = settings(APP, more);
        settings.put("state.dir", folder.resolve(state).toString());
        settings.put("kafka.session.timeout.ms", "6000");
        return StreamsApp.start(StreamsApp.settings().load(null, Map.of(), settings), failures::add);
    }

    private static Map<String, String> genesysSettings() {
        return Map.of(
                "genesys.region",
                genesys.baseUrl(),
                "genesys.client.id",
                FakeGenesys.CLIENT_ID,
                "genesys.client.secret",
                FakeGenesys.CLIENT_SECRET);
    }

    private static Map<String, String> settings(String user, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        kafka.client(user).forEach((name, value) -> settings.put("kafka." + name, value));
        settings.put("management.port", "0");
        return settings;
    }

    private static String event(String conversation) {
        return """
                {"source":"aws.partner/genesys.com/cloud/my-genesys/example-organization",
                 "detail":{"topicName":"v2.detail.events.conversation.%s.user.start",
                           "eventBody":{"eventTime":%d,"sessionId":"session-1","userId":"%s"}}}
                """.formatted(conversation, System.currentTimeMillis(), AGENT);
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

    /** Returns the answer of the bridge to a question about its agent directory. */
    private static String directory(IngressBridge bridge) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + bridge.managementPort() + "/health/directory"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Returns the commands up to one that contains a text, read with the rights of a bot. */
    private static String command(String text) {
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
                return commands.stream().anyMatch(command -> command.contains(text));
            });
        }
        return commands.toString();
    }
}
