package io.handover.history.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The parts of {@code ./handover replay publish} that need no Kafka. */
class PublishCommandTest {

    private static final String DELIVERY = "{\"time\":\"2026-03-02T09:15:0%d.500Z\",\"detail-type\":"
            + "\"v2.detail.events.conversation.{id}.acw\",\"detail\":{\"eventBody\":{\"conversationId\":\"c-%d\"}}}";

    @TempDir
    private Path folder;

    private final StopSignal stop = new StopSignal();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldShowWhatItWouldPublish() throws IOException {
        // Given
        Path source =
                write(delivery(1, 1), "nonsense", delivery(2, 2), "{\"topic\":\"v2.users.presence\",\"userId\":\"u\"}");
        // When
        int code = run(source.toString(), "--topic", "target", "--dry-run");
        // Then
        assertThat(printed()).endsWith("""
                        Read 2 deliveries. Left out: 1 of another topic.
                        1 entry that cannot be read, in %1$s/broken; the first is %1$s/deliveries, line 2: Expected an \
                        EventBridge envelope or a data-action body, but it is broken JSON at line 1, column 1.
                        Would publish 2 deliveries (2026-03-02T09:15:01.500Z to 2026-03-02T09:15:02.500Z) to target.""".formatted(folder));
        assertThat(code).isZero();
    }

    @Test
    void shouldShowThatItWouldPublishNothing() throws IOException {
        // Given
        Path source = write(delivery(1, 1));
        // When
        int code = run(source.toString(), "--topic", "target", "--dry-run", "--conversation", "another");
        // Then
        assertThat(printed())
                .endsWith("Read 0 deliveries. Left out: 1 not selected.\nWould publish 0 deliveries to target.");
        assertThat(code).isZero();
    }

    @Test
    void shouldFailIfNothingIsWanted() throws IOException {
        // Given
        Path source = write(delivery(1, 1).replace("\"conversationId\"", "\"mediaType\":\"VOICE\",\"conversationId\""));
        // When
        int code = run(source.toString(), "--topic", "target", "--dry-run");
        // Then
        assertThat(printed()).endsWith("No wanted delivery was found, only 1 of another medium.");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void shouldStop() throws IOException {
        // Given
        Path source = write(delivery(1, 1));
        stop.request();
        // When
        int code = run(source.toString(), "--topic", "target", "--dry-run");
        // Then
        assertThat(code).isEqualTo(130);
    }

    @Test
    void shouldRefuseWrongOptions() throws IOException {
        // Given
        String source = write(delivery(1, 1)).toString();
        // When / Then
        assertThat(refused(source, "--topic", "t")).contains("Missing required option: '--bootstrap-server");
        assertThat(refused(source, "--bootstrap-server", "b:1")).contains("Missing required option: '--topic=NAME'");
        assertThat(refused(source, "--topic", "t", "--dry-run", "--create-partitions", "0"))
                .contains("at least 1");
        assertThat(refused(source, "--topic", "t", "--dry-run", "--speed", "fast"))
                .contains("is not a speed like");
        assertThat(refused("-", "--topic", "t", "--bootstrap-server", "b:1")).contains("needs a --name");
        assertThat(refused("topic:t", "--topic", "t", "--bootstrap-server", "b:1"))
                .contains("is the source");
        assertThat(refused(source, "--topic", "handover-events", "--bootstrap-server", "b:1"))
                .contains("add --into-live-topic");
    }

    @Test
    void shouldIdentifyAReplayByItsCommandLine() throws IOException {
        // Given
        String source = write(delivery(1, 1)).toString();
        String name = name(source);
        // When / Then
        assertThat(name(folder + "/./deliveries")).isEqualTo(name).startsWith("handover-replay-");
        assertThat(name(source, "--to", "2027-01-01T00:00:00Z")).isNotEqualTo(name);
        assertThat(name(source, "--name", "mine")).isEqualTo("handover-replay-mine");
        assertThat(name("topic:x")).isNotEqualTo(name("topic:y"));
    }

    @Test
    void shouldIdentifyFilesByTheirNamesAndSizes() throws IOException {
        // Given
        String source = write(delivery(1, 1)).toString();
        String fingerprint = fingerprint(source);
        Path moved = Files.createDirectory(folder.resolve("moved")).resolve("deliveries");
        Files.copy(Path.of(source), moved);
        // When / Then
        assertThat(fingerprint(moved.toString())).isEqualTo(fingerprint);
        assertThat(fingerprint(source, "--organization", "o")).isNotEqualTo(fingerprint);
        write(delivery(1, 1), delivery(2, 2));
        assertThat(fingerprint(source)).isNotEqualTo(fingerprint);
    }

    private String name(String... arguments) {
        PublishCommand command = parsed(arguments);
        return ReplayName.of(command.name, command.sources, command.conversation, command.topic);
    }

    private String fingerprint(String... arguments) {
        PublishCommand command = parsed(arguments);
        return ReplayName.fingerprint(command.sources, command.conversation);
    }

    private PublishCommand parsed(String... arguments) {
        PublishCommand command = new PublishCommand(printStream(), stop);
        List<String> all = new ArrayList<>(List.of("--topic", "target"));
        all.addAll(List.of(arguments));
        new CommandLine(command).parseArgs(all.toArray(String[]::new));
        return command;
    }

    private String refused(String... arguments) {
        err.reset();
        assertThat(run(arguments)).isPositive();
        return printed();
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--broken", folder.resolve("broken").toString()));
        PrintStream printed = printStream();
        return new CommandLine(new PublishCommand(printed, stop))
                .setParameterExceptionHandler((e, given) -> {
                    printed.println(e.getMessage());
                    return 2;
                })
                .setExecutionExceptionHandler((e, command, result) -> {
                    assertThat(e).isInstanceOf(CommandException.class);
                    printed.println(e.getMessage());
                    return 1;
                })
                .execute(all.toArray(String[]::new));
    }

    private PrintStream printStream() {
        return new PrintStream(err, true, StandardCharsets.UTF_8);
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8).strip();
    }

    private Path write(String... lines) throws IOException {
        return Files.write(folder.resolve("deliveries"), List.of(lines));
    }

    private static String delivery(int second, int conversation) {
        return DELIVERY.formatted(second, conversation);
    }
}
