package io.handover.traffic;

import org.jspecify.annotations.Nullable;

/**
 * An event of a conversation that Genesys publishes.
 *
 * @param handover the number of the handover that it truly belongs to: 1, 2, 3…; the envelope does not contain it
 * @param time when it happened, epoch ms
 * @param session the session of the agent, the queue, the flow or the customer
 * @param agentId the agent of the session, or the agent who answered; null for sessions without an agent
 * @param queueId the queue of the event, or null
 * @param disconnectType how the session ended; null if it does not end
 * @param interactingMs how long the session was served
 * @param alertingMs how long the agent was alerted
 * @param acdOutcome how the wait in a queue ended, or null
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

    /** The topic of an event. */
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

        /** Returns the last part of the name of the topic. */
        public String topic() {
            return topic;
        }

        public boolean isStart() {
            return this == CUSTOMER_START || this == USER_START || this == ACD_START || this == FLOW_START;
        }
    }

    /** Why an agent's session ended. */
    public enum Departure {
        /** The agent left without a transfer. */
        LEFT,
        /** The conversation was transferred or taken over. */
        TRANSFERRED,
        /** The agent never answered. */
        DECLINED
    }

    /** Returns how the agent went, for {@link Kind#USER_END}: rows 5 to 9 of the decision table. */
    public Departure departure() {
        String type = String.valueOf(disconnectType);
        return switch (type) {
            case "NO_ANSWER_TRANSFER", "NOT_AVAILABLE_TRANSFER", "DND_TRANSFER", "DND_ENDPOINT" -> Departure.DECLINED;
            case "TRANSFER", "CONFERENCE_TRANSFER", "CONSULT_TRANSFER", "FORWARD_TRANSFER", "TAKEOVER" ->
                Departure.TRANSFERRED;
            default -> interactingMs == 0 && alertingMs > 0 ? Departure.DECLINED : Departure.LEFT;
        };
    }

    /** Returns when the session began, for {@link Kind#USER_END}. */
    public long began() {
        return time - interactingMs - alertingMs;
    }

    /**
     * Returns the envelope, as if EventBridge received the event at the moment it happened.
     *
     * @param replay the name of the archive replay that sends it, or null
     */
    public byte[] envelope(String eventId, @Nullable String replay) {
        return Envelope.of(this, new Publication(eventId, null, time, time, replay));
    }

    /** Returns the same event with other ids. */
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

    /** Returns the event for a person: {@code user.end anna TRANSFER}. */
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
