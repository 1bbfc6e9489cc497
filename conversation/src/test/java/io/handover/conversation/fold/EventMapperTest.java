package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.AgentStarted;
import io.handover.conversation.ConversationEvent;
import io.handover.conversation.FlowEnded;
import io.handover.conversation.FlowSession;
import io.handover.conversation.FlowStarted;
import io.handover.conversation.OtherEvent;
import io.handover.conversation.QueueLeft;
import io.handover.conversation.QueueSession;
import io.handover.schema.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fields of flows and queues mean. */
class EventMapperTest {

    private static final EventMapper MAPPER = new EventMapper(CustomerAddress.DEFAULT);

    @ParameterizedTest
    @ValueSource(strings = {"INBOUNDSHORTMESSAGE", "inboundshortmessage", "BOT", "UNKNOWN", "SOMETHING_NEW"})
    void shouldTakeAFlowForRouting(String flowType) {
        // When
        ConversationEvent event = event("flow.start", "'flowType': '" + flowType + "', 'sessionId': 's'");
        // Then
        assertThat(event)
                .isInstanceOfSatisfying(
                        FlowStarted.class, flow -> assertThat(flow.routing()).isTrue());
    }

    @Test
    void shouldTakeAFlowOfAnAbsentTypeForRouting() {
        // When
        ConversationEvent event = event("flow.start", "'participantId': 'p'");
        // Then
        assertThat(event).isInstanceOfSatisfying(FlowStarted.class, flow -> {
            assertThat(flow.routing()).isTrue();
            assertThat(flow.flowSessionId()).isEqualTo("p");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"INQUEUESHORTMESSAGE", "inqueuecall"})
    void shouldTakeAFlowForInQueue(String flowType) {
        // When
        ConversationEvent event = event("flow.start", "'flowType': '" + flowType + "'");
        // Then
        assertThat(event)
                .isInstanceOfSatisfying(
                        FlowStarted.class, flow -> assertThat(flow.routing()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SURVEYINVITE", "surveyinvite", "WORKFLOW", "WORKITEM", "COMMONMODULE", "VOICEMAIL"})
    void shouldNoteAFlowBesideTheConversation(String flowType) {
        // When / Then
        assertThat(event("flow.start", "'flowType': '" + flowType + "'")).isInstanceOf(OtherEvent.class);
        assertThat(event("flow.end", "'flowType': '" + flowType + "', 'exitReason': 'FLOW_DISCONNECT'"))
                .isInstanceOf(OtherEvent.class);
    }

    @ParameterizedTest
    @CsvSource({
        "DISCONNECT, , , DISCONNECTED",
        "FLOW_DISCONNECT, TRANSFER, ACD, DISCONNECTED",
        "session_expire_disconnect, , , DISCONNECTED",
        "TRANSFER, CLIENT, , TRANSFERRED",
        "FLOW_EXIT, TRANSFER, ACD, OTHER",
        "UNKNOWN, TRANSFER, , TRANSFERRED",
        ", CONFERENCE_TRANSFER, , TRANSFERRED",
        ", , ACD, TRANSFERRED",
        ", CLIENT, UNKNOWN, OTHER",
        ", , , OTHER"
    })
    void shouldReadHowARoutingFlowEnded(
            String exitReason, String disconnectType, String transferType, FlowSession.Exit exit) {
        // When
        ConversationEvent event = event(
                "flow.end",
                field("exitReason", exitReason)
                        + field("disconnectType", disconnectType)
                        + field("transferType", transferType)
                        + "'flowType': 'INBOUNDSHORTMESSAGE'");
        // Then
        assertThat(event)
                .isInstanceOfSatisfying(
                        FlowEnded.class, flow -> assertThat(flow.exit()).isEqualTo(exit));
    }

    @ParameterizedTest
    @CsvSource({"TRANSFER, OTHER", "FLOW_DISCONNECT, DISCONNECTED"})
    void shouldReadOnlyTheDisconnectOfAnInQueueFlow(String exitReason, FlowSession.Exit exit) {
        // When
        ConversationEvent event =
                event("flow.end", field("exitReason", exitReason) + "'flowType': 'INQUEUESHORTMESSAGE'");
        // Then
        assertThat(event).isInstanceOfSatisfying(FlowEnded.class, flow -> {
            assertThat(flow.exit()).isEqualTo(exit);
            assertThat(flow.routing()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "ANSWERED, TRANSFER, ANSWERED",
        "ABANDON, PEER, ABANDONED",
        "ABANDON, , ABANDONED",
        "ABANDON, TRANSFER, TRANSFERRED",
        "FLOW_OUT, TRANSFER, TRANSFERRED",
        "FLOW_OUT, TAKEOVER, TRANSFERRED",
        "FLOW_OUT, , TRANSFERRED",
        "FLOW_OUT, CLIENT, ABANDONED",
        "UNKNOWN, SYSTEM, ABANDONED",
        ", , ABANDONED"
    })
    void shouldReadHowAWaitInAQueueEnded(String acdOutcome, String disconnectType, QueueSession.Exit exit) {
        // When
        ConversationEvent event = event(
                "acd.end",
                field("acdOutcome", acdOutcome) + field("disconnectType", disconnectType) + "'queueId': 'q'");
        // Then
        assertThat(event).isInstanceOfSatisfying(QueueLeft.class, queue -> {
            assertThat(queue.exit()).isEqualTo(exit);
            assertThat(queue.queueSessionId()).isEqualTo("q");
        });
    }

    @Test
    void shouldNoteAStartThatNamesNobody() {
        // When / Then
        assertThat(event("user.start", "'queueId': 'q'")).isInstanceOf(OtherEvent.class);
        assertThat(event("user.start", "'userId': 'anna'"))
                .isInstanceOfSatisfying(
                        AgentStarted.class,
                        start -> assertThat(start.agentSessionId()).isEqualTo("u:anna"));
    }

    private static String field(String name, String value) {
        return value == null ? "" : "'" + name + "': '" + value + "', ";
    }

    private static ConversationEvent event(String topic, String fields) {
        String envelope =
                "{'detail-type': 'v2.detail.events.conversation.{id}." + topic + "', 'detail': {'eventBody': {"
                        + "'eventTime': 1768471200000, 'conversationId': 'c', " + fields + "}}}";
        Delivery delivery = Delivery.read(envelope.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return MAPPER.event(Objects.requireNonNull(delivery.type()), delivery, 1_768_471_200_000L);
    }
}
