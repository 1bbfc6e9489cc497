package io.handover.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.traffic.Flow.Role;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.GenesysEvent.QueueExit;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenesysEventTest {

    @ParameterizedTest
    @CsvSource({
        "INBOUNDSHORTMESSAGE, ROUTING",
        "SOMETHINGNEW,        ROUTING",
        ",                    ROUTING",
        "INQUEUESHORTMESSAGE, IN_QUEUE",
        "inqueuecall,         IN_QUEUE",
        "SURVEYINVITE,        ASIDE",
        "workflow,            ASIDE",
        "WORKITEM,            ASIDE",
        "COMMONMODULE,        ASIDE",
        "VOICEMAIL,           ASIDE"
    })
    void shouldReadTheRoleOfAFlow(@Nullable String type, Role role) {
        // Given
        GenesysEvent start = event(Kind.FLOW_START, null, null, new Flow(type, null, null));

        // When, Then
        assertThat(start.isOfFlow(role)).isTrue();
        assertThat(start.canOpenHandover()).isEqualTo(role == Role.ROUTING);
    }

    @ParameterizedTest
    @CsvSource({
        "INBOUNDSHORTMESSAGE, FLOW_DISCONNECT,           CLIENT,            ,        DISCONNECTED",
        "INBOUNDSHORTMESSAGE, SESSION_EXPIRE_DISCONNECT, TRANSFER,          ACD,     DISCONNECTED",
        "INQUEUESHORTMESSAGE, DISCONNECT,                PEER,              ,        DISCONNECTED",
        "SURVEYINVITE,        FLOW_DISCONNECT,           ,                  ,        NEUTRAL",
        "INBOUNDSHORTMESSAGE, TRANSFER,                  ,                  ,        TRANSFERRED",
        "INBOUNDSHORTMESSAGE, ,                          TRANSFER,          ,        TRANSFERRED",
        "INBOUNDSHORTMESSAGE, UNKNOWN,                   CONSULT_TRANSFER,  ,        TRANSFERRED",
        "INBOUNDSHORTMESSAGE, ,                          ,                  ACD,     TRANSFERRED",
        "INBOUNDSHORTMESSAGE, ,                          CLIENT,            UNKNOWN, NEUTRAL",
        "INBOUNDSHORTMESSAGE, FLOW_EXIT,                 TRANSFER,          ACD,     NEUTRAL",
        "INQUEUESHORTMESSAGE, TRANSFER,                  TRANSFER,          ACD,     NEUTRAL"
    })
    void shouldReadHowAFlowEnded(
            String type,
            @Nullable String exitReason,
            @Nullable String disconnectType,
            @Nullable String transferType,
            Flow.Exit exit) {
        // Given
        GenesysEvent end = event(Kind.FLOW_END, disconnectType, null, new Flow(type, exitReason, transferType));

        // When, Then
        assertThat(end.flowExit()).isEqualTo(exit);
    }

    @ParameterizedTest
    @CsvSource({
        "ANSWERED, TRANSFER, ANSWERED",
        "FLOW_OUT, TRANSFER, TRANSFERRED",
        "FLOW_OUT, TAKEOVER, TRANSFERRED",
        "FLOW_OUT, ,         TRANSFERRED",
        "FLOW_OUT, CLIENT,   ABANDONED",
        "ABANDON,  PEER,     ABANDONED",
        "ABANDON,  ,         ABANDONED"
    })
    void shouldReadHowAWaitEnded(String acdOutcome, @Nullable String disconnectType, QueueExit exit) {
        // Given
        GenesysEvent end = event(Kind.ACD_END, disconnectType, acdOutcome, null);

        // When, Then
        assertThat(end.queueExit()).isEqualTo(exit);
    }

    @Test
    void shouldWriteTheFieldsOfAFlow() {
        // Given
        GenesysEvent end =
                event(Kind.FLOW_END, "CLIENT", null, new Flow("INQUEUESHORTMESSAGE", "FLOW_DISCONNECT", null));

        // When
        String envelope = new String(end.envelope("event-1", null), StandardCharsets.UTF_8);

        // Then
        assertThat(envelope)
                .contains("\"flowType\":\"INQUEUESHORTMESSAGE\"", "\"exitReason\":\"FLOW_DISCONNECT\"")
                .doesNotContain("transferType");
    }

    private static GenesysEvent event(
            Kind kind, @Nullable String disconnectType, @Nullable String acdOutcome, @Nullable Flow flow) {
        return new GenesysEvent(
                "conversation-1", 1, kind, 0, "session", null, null, disconnectType, 0, 0, acdOutcome, flow);
    }
}
