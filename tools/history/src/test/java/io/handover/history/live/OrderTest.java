package io.handover.history.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders of an operator: what is shown, asked, sent, sent again, and awaited. */
class OrderTest {

    private static final String ID = "15bec215-8a3c-4a53-b0e5-0f9d83b7a2c1";
    private static final String STATE = "GET /conversations/" + ID;
    private static final String END = "POST /conversations/" + ID + "/end";
    private static final String RELEASE = "POST /conversations/" + ID + "/release";
    private static final String STORED = "{\"orderId\":\"o\",\"partition\":2,\"offset\":4711}";
    private static final ObjectMapper JSON = new ObjectMapper();

    private FakeManagement app;
    private String held;

    @BeforeEach
    void start() throws IOException {
        app = new FakeManagement();
        held = Files.readString(Path.of("src", "test", "resources", "live", "held.json"));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void shouldShowAskSendAndAwaitTheEnd() throws IOException {
        // Given
        app.answers(STATE, 200, held)
                .answers(STATE, 200, held)
                .answers(STATE, 503, "{\"error\":\"Rebalancing.\"}")
                .answers(STATE, 200, after(2, false, "operator-ended", endOf(2, "operator")))
                .answers(END, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "yes\n", "end", ID, "--reason", "agents went home");
        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("Handover      cycle 2, open since 09:50:00.000 (12 min ago)\n")
                .contains("End the handover of cycle 2 now? Only 'yes' goes on: ")
                .endsWith("Ended: cycle 2, handover-ended (operator)." + System.lineSeparator());
        JsonNode order = JSON.readTree(orders().get(0));
        assertThat(order.path("operator").asText()).isEqualTo("olga");
        assertThat(order.path("reason").asText()).isEqualTo("agents went home");
        assertThat(order.path("cycle").asInt()).isEqualTo(2);
        assertThat(UUID.fromString(order.path("orderId").asText()).version()).isEqualTo(4);
        assertThat(orders()).hasSize(1);
    }

    @Test
    void shouldReleaseAHeldEnd() {
        // Given
        app.answers(STATE, 200, held)
                .answers(STATE, 200, after(3, true, "operator-released", endOf(2, "agent-left")))
                .answers(RELEASE, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "", "release", ID, "--reason", "r", "--operator", "Ö", "--yes", "--json");
        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err())
                .doesNotContain("?")
                .endsWith("Ended: cycle 2, handover-ended (agent-left)." + System.lineSeparator());
        assertThat(run.out()).contains("\"offset\" : 4711");
        assertThat(orders()).singleElement().asString().contains("\"operator\":\"Ö\"");
    }

    @Test
    void shouldAskWhichEndIsReleased() {
        // Given
        app.answers(STATE, 200, held);
        // When
        Run run = Run.of(app.environment(), "no\n", "release", ID, "--reason", "r");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("Announce handover-ended (agent-left) of cycle 2 now? Only 'yes' goes on: ")
                .endsWith("Nothing was sent." + System.lineSeparator());
        assertThat(orders()).isEmpty();
    }

    @Test
    void shouldSendNothingIfNobodyAnswers() {
        // Given
        app.answers(STATE, 200, held);
        // When
        Run run = Run.of(app.environment(), "", "end", ID, "--reason", "r");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("Nobody answers. Add --yes to go on without a question.");
        assertThat(orders()).isEmpty();
    }

    @Test
    void shouldSendTheSameOrderAgainIfItMayNotBeStored() throws IOException {
        // Given
        app.answers(STATE, 200, held)
                .answers(STATE, 200, after(2, false, "operator-ended", ""))
                .answers(END, 503, "{\"error\":\"Kafka did not store the order in time.\"}")
                .answers(END, 503, "{\"error\":\"Kafka did not store the order in time.\"}")
                .answers(END, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "", "end", ID, "--reason", "r", "--yes");
        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("Kafka did not store the order in time. Sending the same order again.")
                .endsWith("Ended: cycle 2." + System.lineSeparator());
        assertThat(orders()).hasSize(3);
        assertThat(orders()).containsOnly(orders().get(0));
    }

    @Test
    void shouldSayThatTheOrderMayBeStoredIfItNeverWasAnswered() {
        // Given
        app.answers(STATE, 200, held).answers(END, 503, "{\"error\":\"Kafka did not store the order in time.\"}");
        // When
        Run run = Run.of(app.environment(), "", "end", ID, "--reason", "r", "--yes");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "handover: Kafka did not store the order in time. The order may be stored nevertheless. Run the"
                                + " command again: it shows what became of it, and a second order for the same handover changes"
                                + " nothing.");
        assertThat(orders()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413})
    void shouldNotSendARefusedOrderAgain(int status) {
        // Given
        app.answers(STATE, 200, held).answers(END, status, "{\"error\":\"Refused.\"}");
        // When
        Run run = Run.of(app.environment(), "", "end", ID, "--reason", "r", "--yes");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(orders()).hasSize(1);
    }

    @Test
    void shouldSayThatAnOrderHadNoEffect() {
        // Given
        app.answers(STATE, 200, held)
                .answers(STATE, 200, after(2, true, "order-without-effect", ""))
                .answers(RELEASE, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "", "release", ID, "--reason", "r", "--yes");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("handover: The order had no effect: row 48 order-without-effect: otherwise: nothing.");
    }

    @Test
    void shouldNotTakeTheOrderOfSomebodyElseForItsOwn() {
        // Given
        app.answers(STATE, 200, held)
                .answers(STATE, 200, after(2, true, "another", "order-without-effect", ""))
                .answers(STATE, 200, after(2, false, "operator-ended", endOf(2, "operator")))
                .answers(END, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "", "end", ID, "--reason", "r", "--yes");
        // Then
        assertThat(run.code()).isZero();
        assertThat(run.err()).doesNotContain("had no effect");
    }

    @Test
    void shouldNotWaitForEver() {
        // Given
        app.answers(STATE, 200, held).answers(END, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "", "end", ID, "--reason", "r", "--yes", "--wait", "300ms");
        // Then
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err())
                .endsWith("The order is stored, but the conversation did not show the end within 300 ms. Look again:"
                        + " ./handover conversations show " + ID + System.lineSeparator());
    }

    @Test
    void shouldNotTakeAMissingConversationForAnEnd() {
        // Given
        app.answers(STATE, 200, held)
                .answers(STATE, 404, "{\"error\":\"Live queries are off.\"}")
                .answers(END, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "", "end", ID, "--reason", "r", "--yes", "--wait", "1ms");
        // Then
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("did not show the end within 1 ms. Live queries are off. Look again");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "end | {\"open\":false,\"cycle\":2 | has no open handover. Nothing was sent.",
                "release | {\"open\":true,\"cycle\":2 | No end is held of the conversation",
            })
    void shouldSendNothingIfThereIsNothingToEnd(String command, String fields, String sentence) {
        // Given
        app.answers(STATE, 200, fields + ",\"conversationId\":\"" + ID + "\",\"now\":\"2026-01-15T10:02:00.000Z\"}");
        // When
        Run run = Run.of(app.environment(), "", command, ID, "--reason", "r", "--yes");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains(sentence);
        assertThat(orders()).isEmpty();
    }

    @Test
    void shouldRejectAnOrderWithoutReasonOrOperator() {
        // Given
        Map<String, String> nobody = new HashMap<>(app.environment());
        nobody.remove("USER");
        // When
        List<Run> runs = List.of(
                Run.of(app.environment(), "", "end", ID),
                Run.of(app.environment(), "", "end", ID, "--reason", " "),
                Run.of(app.environment(), "", "end", ID, "--reason", "r".repeat(501)),
                Run.of(app.environment(), "", "end", ID, "--reason", "r", "--operator", "o".repeat(101)),
                Run.of(nobody, "", "end", ID, "--reason", "r"));
        // Then
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err().lines()).singleElement().asString().contains("--help");
        });
        assertThat(app.requests()).isEmpty();
    }

    private List<String> orders() {
        List<String> bodies = new ArrayList<>();
        app.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .forEach(request -> bodies.add(request.body()));
        return bodies;
    }

    private static String after(int cycle, boolean open, String outcome, String commands) {
        return after(cycle, open, "o", outcome, commands);
    }

    private static String after(int cycle, boolean open, String orderId, String outcome, String commands) {
        return """
                {"conversationId":"%s","partition":2,"now":"2026-01-15T10:02:02.000Z",
                 "streamTime":"2026-01-15T10:02:01.000Z","open":%s,"cycle":%d,
                 "recent":[{"at":"2026-01-15T10:02:01.000Z","topic":"operator.order","eventId":"%s","outcome":"%s","commands":[%s]}]}""".formatted(ID, open, cycle, orderId, outcome, commands);
    }

    private static String endOf(int cycle, String reason) {
        return """
                {"type":"handover-ended","id":"c2","conversationId":"%s","cycle":%d,"reason":"%s",
                 "occurredAt":"2026-01-15T10:02:01.000Z","decidedAt":"2026-01-15T10:02:01.000Z","evidence":[]}""".formatted(ID, cycle, reason);
    }
}
