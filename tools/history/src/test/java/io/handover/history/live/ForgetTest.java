package io.handover.history.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order to forget an agent: what is asked, sent, and sent again. */
class ForgetTest {

    private static final String AGENT = "5c7e9a1b-3d2f-4b6a-8c0d-1e2f3a4b5c61";
    private static final String FORGET = "POST /agents/" + AGENT + "/forget";
    private static final String STORED = "{\"orderId\":\"o\",\"partitions\":12}";
    private static final String NOT_IN_TIME = "{\"error\":\"Kafka did not acknowledge the order in time.\"}";

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
    void shouldAskAndSend() throws IOException {
        // Given
        app.answers(FORGET, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "yes\n", "forget-agent", AGENT, "--reason", "has left");
        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("Forget the name and picture of the agent " + AGENT + " now? Only 'yes' goes on: "
                        + "The order is stored in 12 partitions. streams-app forgets the agent when it reads it."
                        + System.lineSeparator());
        JsonNode order = new ObjectMapper().readTree(orders().get(0));
        assertThat(order.path("operator").asText()).isEqualTo("olga");
        assertThat(order.path("reason").asText()).isEqualTo("has left");
        assertThat(UUID.fromString(order.path("orderId").asText()).version()).isEqualTo(4);
        assertThat(order.size()).isEqualTo(3);
        assertThat(orders()).hasSize(1);
    }

    @Test
    void shouldSendNothingWithoutAYes() {
        // Given
        app.answers(FORGET, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "no\n", "forget-agent", AGENT, "--reason", "r");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).endsWith("Nothing was sent." + System.lineSeparator());
        assertThat(orders()).isEmpty();
    }

    @Test
    void shouldSendTheSameOrderAgainIfItMayNotBeStored() {
        // Given
        app.answers(FORGET, 503, NOT_IN_TIME).answers(FORGET, 202, STORED);
        // When
        Run run = Run.of(app.environment(), "", "forget-agent", AGENT, "--reason", "r", "--yes", "--json");
        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("Kafka did not acknowledge the order in time. Sending the same order again.");
        assertThat(run.out()).contains("\"partitions\" : 12");
        assertThat(orders()).hasSize(2);
        assertThat(orders()).containsOnly(orders().get(0));
    }

    @Test
    void shouldSayThatTheOrderMayBeStoredIfItNeverWasAnswered() {
        // Given
        app.answers(FORGET, 503, NOT_IN_TIME);
        // When
        Run run = Run.of(app.environment(), "", "forget-agent", AGENT, "--reason", "r", "--yes");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("handover: Kafka did not acknowledge the order in time. The order may be stored nevertheless."
                        + " Run the command again: to forget an agent twice changes nothing.");
        assertThat(orders()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {} | does not accept the token",
                "403 | {\"error\":\"Orders are off.\"} | Orders are off.",
                "404 | {\"error\":\"Live queries are off.\"} | Live queries are off.",
                "400 | {\"error\":\"The id is too long.\"} | The id is too long.",
            })
    void shouldNotSendARefusedOrderAgain(int status, String answer, String sentence) {
        // Given
        app.answers(FORGET, status, answer);
        // When
        Run run = Run.of(app.environment(), "", "forget-agent", AGENT, "--reason", "r", "--yes");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains("handover: ", sentence);
        assertThat(orders()).hasSize(1);
    }

    @Test
    void shouldRejectAnOrderWithoutReason() {
        // When
        Run run = Run.of(app.environment(), "", "forget-agent", AGENT);
        // Then
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--reason", "--help");
        assertThat(app.requests()).isEmpty();
    }

    private List<String> orders() {
        List<String> bodies = new ArrayList<>();
        app.requests().stream()
                .filter(request -> request.method().equals("POST"))
                .forEach(request -> bodies.add(request.body()));
        return bodies;
    }
}
