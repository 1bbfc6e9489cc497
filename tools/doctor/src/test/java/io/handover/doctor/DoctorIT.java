package io.handover.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.embeddedkafka.FreePorts;
import io.handover.ingress.IngressBridge;
import io.handover.service.StartException;
import io.handover.streams.StreamsApp;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The doctor and both processes find the same problems on a real broker. */
class DoctorIT {

    private static final Map<String, String> BIG = Map.of("max.message.bytes", "2097152");

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static Admin admin;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        kafka.close();
    }

    @Test
    void shouldFindNothingWrongWithTopicsThatTheProcessesCreated() throws Exception {
        // Given
        try (IngressBridge bridge = IngressBridge.start(IngressBridge.settings().load(null, Map.of(), bridge()));
                StreamsApp app = startApp(Map.of("topics.create", "true"))) {
            Awaitility.await().until(() -> bridge.ready() && app.ready());

            // When
            int code = doctor("--app-config", config("topics.few.replicas.allowed=true"));

            // Then
            assertThat(text(out)).doesNotContain("error:");
            assertThat(code).isZero();
        }
        admin.deleteTopics(admin.listTopics().names().get()).all().get();
    }

    @Test
    void shouldSayTheSameAsBothProcesses() throws Exception {
        // Given
        admin.createTopics(List.of(
                        new NewTopic("a-events", 2, (short) 1).configs(Map.of("cleanup.policy", "compact")),
                        new NewTopic("a-dead", 1, (short) 1).configs(BIG)))
                .all()
                .get();
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> !admin.describeTopics(List.of("a-events", "a-dead"))
                        .allTopicNames()
                        .get()
                        .isEmpty());
        String names = "topic.events=a-events\ntopic.commands=a-commands\ntopic.dead.letters=a-dead\n";
        Map<String, String> ofBridge = bridge();
        ofBridge.putAll(Map.of("topic.events", "a-events", "topic.dead.letters", "a-dead", "topics.create", "false"));

        // When
        int code = doctor("--app-config", config(names), "--bridge-config", config(names));

        // Then
        assertThat(code).isEqualTo(1);
        String report = text(out);
        Throwable bridge = Assertions.catchThrowable(
                () -> IngressBridge.start(IngressBridge.settings().load(null, Map.of(), ofBridge)));
        Throwable app = Assertions.catchThrowable(() -> startApp(
                Map.of("topic.events", "a-events", "topic.commands", "a-commands", "topic.dead.letters", "a-dead")));
        assertThat(List.of(bridge, app)).allSatisfy(failure -> {
            assertThat(failure).isInstanceOf(StartException.class);
            assertThat(String.valueOf(failure.getMessage()).lines())
                    .isNotEmpty()
                    .allSatisfy(sentence -> assertThat(report).contains("error: " + sentence));
        });
        assertThat(app).hasMessageContaining("Topic a-commands does not exist");
        assertThat(report).contains("Topic a-events has cleanup.policy=compact", "message.timestamp.type=CreateTime");
    }

    @Test
    void shouldOnlyWarnOfWhatTheAgentDirectoryOfTheBridgeLacks() throws Exception {
        // Given
        Map<String, String> events = new HashMap<>(BIG);
        events.put("message.timestamp.type", "LogAppendTime");
        admin.createTopics(List.of(
                        new NewTopic("b-events", 1, (short) 1).configs(events),
                        new NewTopic("b-commands", 1, (short) 1),
                        new NewTopic("b-dead", 1, (short) 1).configs(BIG)))
                .all()
                .get();
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> admin.describeTopics(List.of("b-events", "b-commands", "b-dead"))
                                .allTopicNames()
                                .get()
                                .size()
                        == 3);
        String names = """
                topic.events=b-events
                topic.commands=b-commands
                topic.dead.letters=b-dead
                topic.agent.lookups=b-lookups
                """;
        String bridge = config(names + "genesys.region=eu-central-1\ngenesys.client.id=i\ngenesys.client.secret=s\n");

        // When
        int code = doctor("--app-config", config(names), "--bridge-config", bridge);
        int codeWithProfiles = doctor("--app-config", config(names + "agent.profiles=on\n"), "--bridge-config", bridge);

        // Then
        assertThat(code).isZero();
        assertThat(codeWithProfiles).isEqualTo(1);
        assertThat(text(out))
                .contains("warning: Topic b-lookups does not exist")
                .contains("error: Topic b-lookups does not exist");
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswer() {
        // When
        int code = run("--bootstrap-server", "127.0.0.1:" + FreePorts.free());

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(text(err)).contains("does not answer. Check the address").hasLineCount(1);
    }

    private int doctor(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--bootstrap-server";
        all[1] = kafka.bootstrapServers();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return run(all);
    }

    private int run(String... arguments) {
        return CommandRunner.run(
                (printOut, printErr, stop) -> new CommandLine(new DoctorCommand(printOut)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                arguments);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String config(String lines) throws IOException {
        Path file = Files.createTempFile(folder, "settings", ".properties");
        return Files.writeString(file, lines).toString();
    }

    private static Map<String, String> bridge() {
        return new HashMap<>(Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "api.key", "key",
                "organization.check.skip", "true",
                "http.port", "0",
                "management.port", "0",
                "topics.create", "true"));
    }

    private static StreamsApp startApp(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        values.put("management.port", "0");
        values.put("state.dir", folder.resolve("state").toString());
        return StreamsApp.start(StreamsApp.settings().load(null, Map.of(), values), failure -> {});
    }
}
