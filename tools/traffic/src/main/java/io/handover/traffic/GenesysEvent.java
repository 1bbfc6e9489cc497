package io.handover.traffic;

import io.handover.traffic.Flow.Role;
import org.jspecify.annotations.Nullable;

/**
 * An event that Genesys publishes about a conversation.
 *
 * @param handover the true number of the event's handover: 1, 2, 3…; the envelope does not contain this number
 * @param time the time of the event, epoch ms
 * @param session the id of the session of the agent, the queue, the flow or the customer
 * @param agentId the agent of the session, or the agent who answered; null for sessions without an agent
 * @param queueId the queue of the event, or null
 * @param disconnectType how the session ended; null if the event does not end a session
 * @param interactingMs the {@code interactingDurationMs} of the event; 0 if the event has none
 * @param alertingMs the time for which the agent was alerted; 0 if the event has none
 * @param acdOutcome how the wait in a queue ended; null for events other than acd.end
 * @param flow the fields of a flow event; null for events other than flow.start and flow.end
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
        @Nullable String acdOutcome,
        @Nullable Flow flow) {

    /** Creates an event that is not of a flow, or of a flow of which only the session is known. */
    public GenesysEvent(
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
        this(
                conversationId,
                handover,
                kind,
                time,
                session,
                agentId,
                queueId,
                disconnectType,
                interactingMs,
                alertingMs,
                acdOutcome,
                null);
    }

    /** The kind of an event, with its topic. */
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

        /** Returns the end of the Genesys topic name, for example {@code user.end}. */
        public String topic() {
            return topic;
        }

        /** Whether an event of this kind is the first of its session. */
        public boolean isStart() {
            return this == CUSTOMER_START || this == USER_START || this == ACD_START || this == FLOW_START;
        }
    }

    /** The way in which an agent's session ended. */
    public enum Departure {
        /** The agent left without a transfer. */
        LEFT,
        /** The agent transferred the conversation, or a colleague took it over. */
        TRANSFERRED,
        /** The agent never answered. */
        DECLINED
    }

    /**
     * Returns how the agent's session ended. Valid for {@link Kind#USER_END} only. It follows rows 5 to 9 of the
     * decision table.
     */
    public Departure departure() {
        String type = String.valueOf(disconnectType);
        return switch (type) {
            case "NO_ANSWER_TRANSFER", "NOT_AVAILABLE_TRANSFER", "DND_TRANSFER", "DND_ENDPOINT" -> Departure.DECLINED;
            case "TRANSFER", "CONFERENCE_TRANSFER", "CONSULT_TRANSFER", "FORWARD_TRANSFER", "TAKEOVER" ->
                Departure.TRANSFERRED;
            default -> interactingMs == 0 && alertingMs > 0 ? Departure.DECLINED : Departure.LEFT;
        };
    }

    /** The way in which a wait in a queue ended. */
    public enum QueueExit {
        ANSWERED,
        /** The queue passed the conversation on. */
        TRANSFERRED,
        /** The customer or a flow ended the wait, and nobody has the conversation. */
        ABANDONED
    }

    /** Returns how the wait in a queue ended. Valid for {@link Kind#ACD_END} only. */
    public QueueExit queueExit() {
        if ("ANSWERED".equals(acdOutcome)) {
            return QueueExit.ANSWERED;
        }
        boolean passedOn = disconnectType == null
                ? "FLOW_OUT".equals(acdOutcome)
                : disconnectType.endsWith("TRANSFER") || disconnectType.equals("TAKEOVER");
        return passedOn ? QueueExit.TRANSFERRED : QueueExit.ABANDONED;
    }

    /** Returns how a flow ended. Valid for {@link Kind#FLOW_END} only. */
    public Flow.Exit flowExit() {
        return flowOrUnknown().exit(disconnectType);
    }

    /** Whether the event is of a flow with this role. */
    public boolean isOfFlow(Role role) {
        return (kind == Kind.FLOW_START || kind == Kind.FLOW_END)
                && flowOrUnknown().role() == role;
    }

    /** Whether the event can open a handover. In-queue flows and flows beside the conversation open none. */
    public boolean canOpenHandover() {
        return kind.isStart() && (kind != Kind.FLOW_START || isOfFlow(Role.ROUTING));
    }

    private Flow flowOrUnknown() {
        return flow == null ? Flow.UNKNOWN : flow;
    }

    /** Returns the time at which the agent's session began, epoch ms. Valid for {@link Kind#USER_END} only. */
    public long began() {
        return time - interactingMs - alertingMs;
    }

    /**
     * Returns the envelope of the event. Genesys sends it, and EventBridge receives it, at the time of the event.
     *
     * @param replay the name of the archive replay that sends the envelope; null if no archive replay sends it
     */
    public byte[] envelope(String eventId, @Nullable String replay) {
        return Envelope.of(this, new Publication(eventId, null, time, time, replay));
    }

    /** Returns the same event with another session, agent and queue. */
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
                acdOutcome,
                flow);
    }

    /** Returns a short text about the event for people: {@code user.end anna TRANSFER}. */
    public String title() {
        StringBuilder title = new StringBuilder(kind.topic).append(' ').append(agentId == null ? session : agentId);
        if (acdOutcome != null) {
            title.append(' ').append(acdOutcome);
        }
        if (flow != null) {
            title.append(' ').append(flow.type());
            if (flow.exitReason() != null) {
                title.append(' ').append(flow.exitReason());
            }
        }
        if (disconnectType != null && kind != Kind.ACD_END) {
            title.append(' ').append(disconnectType);
        }
        return title.toString();
    }
}
