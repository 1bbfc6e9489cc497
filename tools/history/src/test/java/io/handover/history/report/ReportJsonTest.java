package io.handover.history.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReportJsonTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void shouldHoldEverythingUnderNamesThatStay() throws JsonProcessingException {
        // Given, When
        JsonNode json = json(SampleReport.of(5, 20));

        // Then
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "sources",
                        "deliveries",
                        "unwanted",
                        "broken",
                        "conversations",
                        "first",
                        "last",
                        "returnWithinMs",
                        "gaps",
                        "settings",
                        "against");
        JsonNode setting = json.at("/settings/1");
        assertThat(setting.fieldNames())
                .toIterable()
                .containsExactly(
                        "name",
                        "transferTimeoutMs",
                        "ended",
                        "endedByReason",
                        "premature",
                        "laterThanNeeded",
                        "late",
                        "lateExpired",
                        "neverEnded",
                        "agentUpdated",
                        "gapsShorterThanTransferTimeout",
                        "differing",
                        "differences");
        assertThat(setting.at("/premature").fieldNames())
                .toIterable()
                .containsExactly("count", "served", "queued", "inFlow", "cameBack", "ends");
        assertThat(setting.at("/neverEnded").asInt()).isEqualTo(3);
        assertThat(setting.at("/premature/count").asInt()).isEqualTo(28);
        assertThat(setting.at("/premature/ends")).hasSize(28);
        assertThat(setting.at("/premature/ends/2")).isEqualTo(new ObjectMapper().readTree("""
                        {"conversationId":"conversation-2","cycle":1,"reason":"transfer-timeout",
                         "occurredAt":"2026-03-02T08:01:55Z","decidedAt":"2026-03-02T08:02:00Z",
                         "refutation":"cameBack","refutedAt":"2026-03-02T08:02:08.200Z","refutedAfterMs":8200,
                         "agentId":"agent-7","evidence":[{"topic":"acw","eventId":"event-2",
                         "eventTime":"2026-03-02T08:01:55Z","disconnectType":null}]}"""));
        assertThat(setting.at("/differences")).hasSize(20);
        assertThat(setting.at("/late/histogram").findValuesAsText("count").stream()
                        .mapToLong(Long::parseLong)
                        .sum())
                .isEqualTo(setting.at("/late/count").asLong())
                .isEqualTo(2_000);
        assertThat(json.get("against").isNull()).isTrue();
    }

    @Test
    void shouldBeJsonWhateverAConversationIsCalled() throws JsonProcessingException {
        // Given, When
        JsonNode json = json(SampleReport.of().hostile());

        // Then
        assertThat(json.at("/settings/0/name").asText()).isEqualTo(SampleReport.HOSTILE);
        assertThat(json.at("/against/differences/0/theirs").asText()).isEqualTo(SampleReport.HOSTILE);
        assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("}\n");
    }

    @Test
    void shouldNotMakeUpTimesWhereNothingWasDelivered() throws JsonProcessingException {
        // Given, When
        JsonNode json = json(SampleReport.empty());

        // Then
        assertThat(json.get("first").isNull()).isTrue();
        assertThat(json.get("last").isNull()).isTrue();
    }

    private JsonNode json(SampleReport report) throws JsonProcessingException {
        ReportJson.write(report.report(), new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return new ObjectMapper().readTree(bytes.toString(StandardCharsets.UTF_8));
    }
}
