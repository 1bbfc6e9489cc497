package io.handover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.AgentUpdated;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.HandoverSerdes;
import io.handover.terminal.CommandRunner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Deserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the quickstart in a process of its own. */
class QuickstartIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String ALLA = "Alla Lindqvist";
    private static final String BELLO = "Bello Okafor";

    private static final List<List<String>> COMMANDS_OF_THE_SAMPLES = List.of(
            List.of("agent-updated " + ALLA, "handover-ended after-call-work"),
            List.of("agent-updated " + ALLA, "agent-updated " + BELLO, "handover-ended after-call-work"),
            List.of("agent-updated " + ALLA, "agent-updated " + BELLO, "handover-ended customer-end"));

    @TempDir
    Path folder;

    @Test
    void shouldPrintTheCommandsOfTheSamplesAndNothingElse() throws Exception {
        // Given, When
        Run run = runToItsEnd("--exit");

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.commandsPerConversation()).containsExactlyInAnyOrderElementsOf(COMMANDS_OF_THE_SAMPLES);
        assertThat(run.err()).contains("403 other-organization").doesNotContain("WARN", "ERROR");
        assertThat(run.leftInTemporaryFolder()).isEmpty();
    }

    @Test
    void shouldPrintOnlyTheCommandsOfTheNewRunInAReusedFolder() throws Exception {
        // Given
        String data = folder.resolve("data").toString();
        Run first = runToItsEnd("--exit", "--data", data);

        // When
        Run second = runToItsEnd("--exit", "--data", data);

        // Then
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(second.commandsPerConversation()).containsExactlyInAnyOrderElementsOf(COMMANDS_OF_THE_SAMPLES);
        assertThat(second.conversations()).doesNotContainAnyElementsOf(first.conversations());
    }

    @Test
    void shouldReportBrokenLinesOfAFileAndDeliverTheRest() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("mine.ndjson"), """
                {"source":"aws.partner/genesys.com/cloud/g/any","detail":{"topicName":"v2.detail.events.conversation.mine.user.start","eventBody":{"eventTime":1000,"sessionId":"s","userId":"agent"}}}
                {"source":"aws.partner/genesys.com/cloud/g/any","detail":
                {"source":"aws.partner/genesys.com/cloud/g/any","detail":{"topicName":"v2.detail.events.conversation.mine.customer.end","eventBody":{"eventTime":2000,"disconnectType":"PEER"}}}
                """);

        // When
        Run run = runToItsEnd("--exit", "--deliveries", file.toString());

        // Then
        assertThat(run.code()).as(run.err()).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(run.commandsPerConversation())
                .containsExactly(List.of("agent-updated agent", "handover-ended customer-end"));
        assertThat(run.err()).contains("line 2 (unreadable) -> 400", "moved forward", "2 deliveries accepted, 1 not");
    }

    @Test
    void shouldStayUpUntilItIsStopped() throws Exception {
        // Given
        Process process = start();
        try {
            Awaitility.await().atMost(PATIENCE).until(() -> read("err").contains("curl -i http://127.0.0.1:"));

            // When
            process.destroy();

            // Then
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            Run run = ended(process);
            assertThat(run.err()).endsWith("Stopped.\n");
            assertThat(run.leftInTemporaryFolder()).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The result of a process. */
    private record Run(int code, List<HandoverCommand> commands, String err, List<Path> leftInTemporaryFolder) {

        /** The commands of each conversation, in order. */
        List<List<String>> commandsPerConversation() {
            return commands.stream()
                    .collect(Collectors.groupingBy(
                            HandoverCommand::conversationId, Collectors.mapping(Run::inShort, Collectors.toList())))
                    .values()
                    .stream()
                    .toList();
        }

        List<String> conversations() {
            return commands.stream().map(HandoverCommand::conversationId).toList();
        }

        private static String inShort(HandoverCommand command) {
            if (command instanceof AgentUpdated updated) {
                String name = updated.agent().name();
                return AgentUpdated.TYPE + " " + (name == null ? updated.agent().id() : name);
            }
            return HandoverEnded.TYPE + " " + command.reason();
        }
    }

    private Run runToItsEnd(String... arguments) throws Exception {
        Process process = start(arguments);
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return ended(process);
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        Files.createDirectories(folder.resolve("tmp"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-cp",
                System.getProperty("java.class.path"),
                HandoverMain.class.getName(),
                "quickstart"));
        for (String port : List.of("http", "kafka", "bridge-management", "streams-management")) {
            command.addAll(List.of("--" + port + "-port", "0"));
        }
        command.addAll(List.of("--transfer-timeout", "2s", "--out-of-order-grace", "500ms"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    private Run ended(Process process) throws IOException {
        Deserializer<HandoverCommand> deserializer = HandoverSerdes.commands().deserializer();
        List<HandoverCommand> commands = read("out")
                .lines()
                .map(line -> deserializer.deserialize("out", line.getBytes(StandardCharsets.UTF_8)))
                .toList();
        try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
            return new Run(
                    process.exitValue(),
                    commands,
                    read("err"),
                    left.filter(path -> path.getFileName().toString().startsWith("handover"))
                            .toList());
        }
    }

    private String read(String stream) throws IOException {
        return Files.readString(folder.resolve(stream));
    }
}
