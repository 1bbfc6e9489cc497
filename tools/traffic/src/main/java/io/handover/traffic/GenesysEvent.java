package io.handover.traffic;

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

        public boolean isStart() {
            return this == CUSTOMER_START || this == USER_START || this == ACD_START || this == FLOW_START;
        }
    }

    /** Why an agent's session ended. */
    public enum Departure {
        /** The agent left, and handed over to nobody. */
        LEFT,
        /** The conversation moved on, or somebody took it over. */
        TRANSFERRED,
        /** The agent never had it. */
        DECLINED
    }

    /** For {@link Kind#USER_END}: rows 5 to 9 of the decision table. */
    public Departure departure() {
        String type = String.valueOf(disconnectType);
        return switch (type) {
            case "NO_ANSWER_TRANSFER", "NOT_AVAILABLE_TRANSFER", "DND_TRANSFER", "DND_ENDPOINT" -> Departure.DECLINED;
            case "TRANSFER", "CONFERENCE_TRANSFER", "CONSULT_TRANSFER", "FORWARD_TRANSFER", "TAKEOVER" ->
                Departure.TRANSFERRED;
            default -> interactingMs == 0 && alertingMs > 0 ? Departure.DECLINED : Departure.LEFT;
        };
    }

    /** For {@link Kind#USER_END}: when the session began. */
    public long began() {
        return time - interactingMs - alertingMs;
    }

    /**
     * The EventBridge envelope, as if EventBridge had it in the moment in which it happens.
     *
     * @param replay the name of the archive replay that sends it, or null
     */
    public byte[] envelope(String eventId, @Nullable String replay) {
        return Envelope.of(this, new Publication(eventId, null, time, time, replay));
    }

    /** The same event, told with those ids. */
    public GenesysEvent named(String newSession, @Nullable String newAgentId, @Nullable String newQueueId) {
        return new GenesysEvent(
                conversationId,
                handover,
                kind,
                time,
                newSession,
                newAgentId,
                newQueueId,
                disconnectType,
                interactingMs,
                alertingMs,
                acdOutcome);
    }

    /** For a person: {@code user.end anna TRANSFER}. */
    public String title() {
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
