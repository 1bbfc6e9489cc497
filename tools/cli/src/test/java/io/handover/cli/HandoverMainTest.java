package io.handover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.quickstart.QuickstartOptions;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class HandoverMainTest {

    private static final String FREE_PORTS =
            "--kafka-port 0 --http-port 0 --bridge-management-port 0 --streams-management-port 0";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({"500ms, 500", "2s, 2000", "1m, 60000", "1h, 3600000", "0s, 0"})
    void shouldReadTimes(String text, long millis) {
        // Given
        QuickstartOptions options = new QuickstartOptions();

        // When
        new CommandLine(options).parseArgs("--transfer-timeout", text);

        // Then
        assertThat(options.transferTimeout).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--transfer-timeout 2 | '2' is not a duration like 500ms, 2s, 1m or 1h",
                "--transfer-timeout -2s | '-2s' is not a duration like 500ms, 2s, 1m or 1h",
                "--out-of-order-grace s | 's' is not a duration like 500ms, 2s, 1m or 1h",
                "--after-call-work-timeout 99999999999s | '99999999999s' is not a duration like 500ms, 2s, 1m or 1h",
                "--http-port 65536 | '65536' is not a port from 0 to 65535",
                "--kafka-port x | 'x' is not a port from 0 to 65535",
                "--nonsense | Unknown option: '--nonsense'",
                "--set transfer.timeout=5 | There is no setting transfer.timeout (given); did you mean transfer.timeout.ms?",
                "--set api.kye=5 | There is no setting api.kye (given); did you mean api.key?",
                "--set http.port=5 | The quick start sets http.port itself. Use --http-port.",
                "--set transfer.timeout.ms=soon | transfer.timeout.ms",
            })
    void shouldRejectWrongUsageInOneSentence(String arguments, String sentence) {
        // Given, When
        int code = run(("quickstart " + FREE_PORTS + " " + arguments).split(" "));

        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_USAGE);
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines())
                .singleElement()
                .asString()
                .startsWith("handover: ")
                .contains(sentence);
    }

    @Test
    void shouldNameThePortThatIsInUseAndItsOptionBeforeAnythingStarts() throws IOException {
        // Given
        try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(used.getLocalPort());

            // When
            int code = run("quickstart", "--kafka-port", "0", "--http-port", "0", "--streams-management-port", port);

            // Then
            assertThat(code).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(text(err).strip())
                    .isEqualTo("handover: Port " + port + " is in use. Stop the program that uses it, or choose another"
                            + " port with --streams-management-port.");
        }
    }

    @Test
    void shouldRejectTheSamePortTwice() {
        // Given, When
        int code = run("quickstart", "--kafka-port", "8080");

        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err)).contains("Port 8080").contains("--kafka-port").contains("--http-port");
    }

    @ParameterizedTest
    @CsvSource({
        "--minutes 0.5, --minutes must be from",
        "--minutes soon, Invalid value for option '--minutes'",
        "--conversations-per-second 0, --conversations-per-second must be from",
    })
    void shouldRejectInvalidOptionsOfTorture(String arguments, String sentence) {
        // Given, When
        int code = run(("torture " + arguments).split(" "));

        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_USAGE);
        assertThat(text(out)).isEmpty();
        assertThat(text(err)).startsWith("handover: ").contains(sentence, "./handover torture --help");
    }

    @ParameterizedTest
    @CsvSource({
        "quickstart, ./handover quickstart --exit",
        "torture, ./handover torture --seed",
        "generate, ./handover generate --conversations",
        "conversations, ./handover conversations list --held",
        "conversations list, ./handover conversations list --held",
        "conversations show, ./handover conversations show 15bec215",
        "conversations end, ./handover conversations end 15bec215",
        "conversations release, ./handover conversations release 15bec215",
        "conversations forget-agent, ./handover conversations forget-agent 5c7e9a1b",
        "explain, ./handover explain 15bec215",
        "replay, ./handover replay publish archive/",
        "replay publish, ./handover replay publish archive/",
        "replay read, ./handover replay read --bootstrap-server",
    })
    void shouldShowExamples(String command, String example) {
        // Given, When
        int code = run((command + " --help").split(" "));

        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(text(out)).contains("Examples:", example);
        assertThat(text(err)).isEmpty();
    }

    @Test
    void shouldListTheCommandsIfNoneIsGiven() {
        // Given, When
        int code = run();

        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(text(out)).contains("Commands:", "quickstart", "Processes:", "bridge", "streams-app");
    }

    @Test
    void shouldPrintTheVersion() {
        // Given, When
        int code = run("--version");

        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(text(out)).startsWith("handover ").contains(", revision ", ", Kafka ");
    }

    private int run(String... arguments) {
        return CommandRunner.run(
                HandoverMain::commandLine,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                arguments);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
