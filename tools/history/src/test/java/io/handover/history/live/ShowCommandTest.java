package io.handover.history.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The text of a conversation, word for word. */
class ShowCommandTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "live");
    private static final String ID = "15bec215-8a3c-4a53-b0e5-0f9d83b7a2c1";
    private static final String PATH = "GET /conversations/" + ID;

    private FakeManagement app;

    @BeforeEach
    void start() throws IOException {
        app = new FakeManagement();
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void shouldShowAConversationInTheWordsOfExplain() throws IOException {
        // Given
        app.answers(PATH, 200, Files.readString(FOLDER.resolve("held.json")));
        // When
        Run run = Run.of(app.environment(), "", "show", ID);
        // Then
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(Files.readString(FOLDER.resolve("held.txt")));
        assertThat(app.requests())
                .containsExactly(new FakeManagement.Request(
                        "GET", "/conversations/" + ID, "Bearer " + FakeManagement.TOKEN, ""));
    }

    @Test
    void shouldPrintTheJsonOfTheApi() throws IOException {
        // Given
        String held = Files.readString(FOLDER.resolve("held.json"));
        app.answers(PATH, 200, held);
        // When
        Run run = Run.of(app.environment(), "", "show", ID, "--json");
        // Then
        assertThat(new ObjectMapper().readTree(run.out())).isEqualTo(new ObjectMapper().readTree(held));
    }

    @Test
    void shouldShowAConversationOfWhichLittleIsKnown() {
        // Given
        app.answers(
                PATH,
                200,
                "{\"conversationId\":\"x\",\"partition\":0,\"now\":\"2026-01-15T10:02:00.000Z\",\"open\":false,"
                        + "\"cycle\":1,\"stale\":true,\"answeredBy\":\"app-2:8082\",\"later\":[1],"
                        + "\"agents\":[{\"agentId\":\"anna\",\"cycle\":1,\"startedAt\":\"2026-01-15T10:01:00.000Z\"}]}");
        // When
        Run run = Run.of(app.environment(), "", "show", ID);
        // Then
        assertThat(run.out()).isEqualTo("""
                        Conversation  x
                        Organisation  unknown
                        Customer      unknown
                        Now           2026-01-15 10:02:00.000 UTC, partition 0, answered by app-2:8082, a standby: it can be behind
                        Handover      none is open; cycle 1 was the last
                        Agents        agent anna, started 10:01:00.000

                        Outcomes
                        none
                        """);
    }

    @Test
    void shouldEncodeAnyIdAndPrintNoControlCharacter() {
        // Given
        app.answers(
                "GET /conversations/a%2F%3Fb%20c",
                200, "{\"conversationId\":\"\\u001b[31mx\",\"partition\":0,\"now\":\"2026-01-15T10:02:00.000Z\"}");
        // When
        Run run = Run.of(app.environment(), "", "show", "a/?b c");
        // Then
        assertThat(run.out()).startsWith("Conversation  ?[31mx\n");
    }
}
