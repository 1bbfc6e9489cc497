package io.handover.reference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that Genesys publishes of what happened in a conversation.
 *
 * @param handover which of the conversation's handovers it truly belongs to: 1, 2, 3…; no event says so
 * @param time when it happened
 * @param session the session of the agent, the queue, the flow or the customer
 * @param agentId the agent who is alerted, left or wrapped up, or who answered; null for what is not of an agent
 * @param queueId the queue that it is about, or null
 * @param disconnectType how the session ended; null where it does not end
 * @param interactingMs how long it was served
 * @param alertingMs how long the agent was alerted
 * @param acdOutcome how the stay in a queue ended, or null
 */
public record GenesysEvent(
        String conversationId,
        int handover,
        Kind kind,
        long time,
        String session,
        @Nullable String agentId,
        @Nullable String queueId,
        @Nullable String disconnectType,
        long interactingMs,
        long alertingMs,
        @Nullable String acdOutcome) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The topics of Genesys that are told of. */
    public enum Kind {
        CUSTOMER_START("customer.start"),
        CUSTOMER_END("customer.end"),
        USER_START("user.start"),
        USER_END("user.end"),
        ACW("acw"),
        ACD_START("acd.start"),
        ACD_END("acd.end"),
        FLOW_START("flow.start"),
        FLOW_END("flow.end");

        private final String topic;

        Kind(String topic) {
            this.topic = topic;
        }

        /** The end of the topic's name. */
        public String topic() {
            return topic;
        }

        boolean isStart() {
            return this == CUSTOMER_START || this == USER_START || this == ACD_START || this == FLOW_START;
        }
    }

    /** Why an agent's session ended. */
    enum Departure {
        /** The agent left, and handed over to nobody. */
        LEFT,
        /** The conversation moved on, or somebody took it over. */
        TRANSFERRED,
        /** The agent never had it. */
        DECLINED
    }

    /** For {@link Kind#USER_END}: rows 5 to 9 of the decision table. */
    Departure departure() {
        String type = String.valueOf(disconnectType);
        return switch (type) {
            case "NO_ANSWER_TRANSFER", "NOT_AVAILABLE_TRANSFER", "DND_TRANSFER", "DND_ENDPOINT" -> Departure.DECLINED;
            case "TRANSFER", "CONFERENCE_TRANSFER", "CONSULT_TRANSFER", "FORWARD_TRANSFER", "TAKEOVER" ->
                Departure.TRANSFERRED;
            default -> interactingMs == 0 && alertingMs > 0 ? Departure.DECLINED : Departure.LEFT;
        };
    }

    /** For {@link Kind#USER_END}: when the session began. */
    long began() {
        return time - interactingMs - alertingMs;
    }

    /** The EventBridge envelope, as an API destination posts it. */
    public byte[] envelope(String eventId) {
        ObjectNode envelope = JSON.createObjectNode();
        envelope.put("version", "0");
        envelope.put("id", eventId);
        envelope.put("detail-type", "v2.detail.events.conversation.{id}." + kind.topic);
        envelope.put("source", "aws.partner/genesys.com/cloud/genesys-organization/" + ORGANIZATION);
        envelope.put("account", "123456789012");
        envelope.put("time", Instant.ofEpochSecond(time / 1_000).toString());
        envelope.put("region", "eu-central-1");
        envelope.putArray("resources");
        ObjectNode detail = envelope.putObject("detail");
        detail.put("topicName", "v2.detail.events.conversation." + conversationId + '.' + kind.topic);
        detail.put("version", "2");
        detail.put("timestamp", Instant.ofEpochMilli(time).toString());
        detail.putObject("metadata");
        body(detail.putObject("eventBody"));
        try {
            return JSON.writeValueAsBytes(envelope);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected an envelope to be writable, but it is not", e);
        }
    }

    /** Whose bot platform it is: the last segment of the event source. */
    public static final String ORGANIZATION = "example-organization";

    private void body(ObjectNode body) {
        body.put("eventTime", time);
        body.put("conversationId", conversationId);
        body.put("participantId", "participant-" + session);
        body.put("sessionId", session);
        body.put("mediaType", "MESSAGE");
        body.put("messageType", "OPEN");
        body.put("direction", "INBOUND");
        body.put("addressTo", "customer-of-" + conversationId);
        body.put("addressFrom", "customer-of-" + conversationId);
        if (agentId != null) {
            body.put(kind == Kind.ACD_END ? "answeredUserId" : "userId", agentId);
        }
        if (queueId != null) {
            body.put("queueId", queueId);
        }
        if (disconnectType != null) {
            body.put("disconnectType", disconnectType);
        }
        if (kind == Kind.USER_END || kind == Kind.CUSTOMER_END) {
            body.put("interactingDurationMs", interactingMs);
            body.put("alertingDurationMs", alertingMs);
        }
        if (acdOutcome != null) {
            body.put("acdOutcome", acdOutcome);
        }
    }

    /** For a person: {@code user.end anna TRANSFER}. */
    String title() {
        StringBuilder title = new StringBuilder(kind.topic).append(' ').append(agentId == null ? session : agentId);
        if (acdOutcome != null) {
            title.append(' ').append(acdOutcome);
        }
        if (disconnectType != null && kind != Kind.ACD_END) {
            title.append(' ').append(disconnectType);
        }
        return title.toString();
    }
}
