package io.handover.history.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.embeddedkafka.FreePorts;
import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every failure is one sentence that says what to do, and never shows the token. */
class ErrorsTest {

    private static final String PATH = "GET /conversations/x";

    private FakeManagement app;

    @BeforeEach
    void start() throws IOException {
        app = new FakeManagement();
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "401 | {\"error\":\"Wrong.\"} | does not accept the token. Give a token of its setting management.read.tokens",
                "403 | {\"error\":\"This token may not steer.\"} | This token may not steer.",
                "404 | {\"error\":\"The conversation is unknown.\"} | The conversation is unknown.",
                "404 | <html>nginx</html> | answers 404, but not as streams-app does. Correct --url",
                "503 | {\"error\":\"Neither app-1 nor app-2 answers.\"} | Neither app-1 nor app-2 answers.",
                "500 | {\"error\":7} | 7",
                "500 | [] | answers 500, but not as streams-app does.",
                "302 | {} | answers 302, but not as streams-app does.",
                "200 | {\"conversationId\": | answers 200, but not as streams-app does.",
                "200 | <html> | answers 200, but not as streams-app does.",
                "200 | [1] | answers 200, but not as streams-app does.",
                "200 | {} | The answer is not as streams-app gives it",
                "200 | {\"conversationId\":\"x\",\"now\":\"yesterday\"} | The answer is not as streams-app gives it",
                "200 | {\"conversationId\":\"x\",\"now\":\"2026-01-15T10:02:00.000Z\",\"agents\":7} | The answer is not as",
            })
    void shouldSayInOneSentenceWhatIsWrong(int status, String body, String sentence) {
        // Given
        app.answers(PATH, status, body);
        // When
        Run run = Run.of(app.environment(), "", "show", "x");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("handover: ")
                .contains(sentence);
        assertThat(run.err()).doesNotContain(FakeManagement.TOKEN, "Exception", "Unexpected");
        assertThat(app.requests()).hasSize(1);
    }

    @Test
    void shouldShortenALongSentenceAndPrintNoControlCharacter() {
        // Given
        app.answers(PATH, 503, "{\"error\":\"\\u001b[2J" + "x".repeat(100_000) + "\"}");
        // When
        Run run = Run.of(app.environment(), "", "show", "x");
        // Then
        assertThat(run.err()).startsWith("handover: ?[2Jxxx").hasSizeLessThan(600);
    }

    @Test
    void shouldNotReadAHugeAnswer() {
        // Given
        app.answers(PATH, 200, "x".repeat((16 << 20) + 1));
        // When
        Run run = Run.of(app.environment(), "", "show", "x");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("answers with more than 16 MiB");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldNotWaitForASlowAnswerOrForTheRestOfABody(int slow) {
        // Given
        app.answers(PATH, slow, "{\"conversationId\":");
        ManagementApi api = new ManagementOptions().open(app.environment(), Duration.ofSeconds(1));
        // When / Then
        assertThatThrownBy(() -> api.requireConversation("x"))
                .isInstanceOf(CommandException.class)
                .hasMessage(app.url() + " does not answer within 1 s.");
    }

    @Test
    void shouldSayThatNobodyListens() {
        // Given
        String nowhere = "http://127.0.0.1:" + FreePorts.free();
        // When
        Run run = Run.of(app.environment(), "", "show", "x", "--url", nowhere);
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("handover: " + nowhere
                        + " cannot be reached (ConnectException). Check the address, and that streams-app runs."
                        + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | t | The address of streams-app is missing: give --url, or HANDOVER_MANAGEMENT_URL",
                "http://localhost:1 | - | The token is missing: give HANDOVER_MANAGEMENT_TOKEN",
                "http://localhost:1 | two words | HANDOVER_MANAGEMENT_TOKEN must have one token",
                "ftp://localhost:1 | t | HANDOVER_MANAGEMENT_URL must be an address such as",
                "http://u:secret@localhost:1 | t | HANDOVER_MANAGEMENT_URL must be an address such as",
                "localhost:1 | t | HANDOVER_MANAGEMENT_URL must be an address such as",
                "http://local host | t | HANDOVER_MANAGEMENT_URL must be an address such as",
            })
    void shouldSayWhichSettingIsMissingOrWrong(String url, String token, String sentence) {
        // Given
        Map<String, String> environment = new HashMap<>();
        environment.put("HANDOVER_MANAGEMENT_URL", url == null ? "" : url);
        environment.put("HANDOVER_MANAGEMENT_TOKEN", token == null ? "" : token);
        // When
        Run run = Run.of(environment, "", "show", "x");
        // Then
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().contains(sentence);
        assertThat(run.err()).doesNotContain("secret", "two words");
    }

    @Test
    void shouldTakeTheTokenOfAFileAndTheUrlOfAnOption(@TempDir Path folder) throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("token"), "of-the-file\n");
        app.answers("GET /prefix/conversations/x", 404, "{\"error\":\"Unknown.\"}");
        // When
        Run run = Run.of(Map.of(), "", "show", "x", "--url", app.url() + "/prefix/", "--token-file", file.toString());
        // Then
        assertThat(run.err()).isEqualTo("handover: Unknown." + System.lineSeparator());
        assertThat(app.requests())
                .extracting(FakeManagement.Request::authorization)
                .containsExactly("Bearer of-the-file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "one\ntwo", "schlüssel"})
    void shouldRejectATokenFileWithoutOneToken(String content, @TempDir Path folder) throws IOException {
        // Given
        Path file = Files.write(folder.resolve("token"), content.getBytes(StandardCharsets.UTF_8));
        // When
        Run run = Run.of(app.environment(), "", "show", "x", "--token-file", file.toString());
        // Then
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(file + " must have one token: one line of ASCII characters without spaces.");
        assertThat(app.requests()).isEmpty();
    }

    @Test
    void shouldSayThatAFileCannotBeRead(@TempDir Path folder) {
        // Given
        String missing = folder.resolve("missing").toString();
        // When
        Run token = Run.of(app.environment(), "", "show", "x", "--token-file", missing);
        Run trust = Run.of(app.environment(), "", "show", "x", "--trust-store", missing);
        // Then
        assertThat(token.err())
                .isEqualTo("handover: The token file " + missing + " cannot be read." + System.lineSeparator());
        assertThat(trust.err())
                .isEqualTo("handover: --trust-store: " + missing + " cannot be read." + System.lineSeparator());
        assertThat(token.code()).isEqualTo(2);
        assertThat(trust.code()).isEqualTo(2);
    }
}
