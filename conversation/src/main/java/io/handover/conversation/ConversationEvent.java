package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/** An event of a conversation, in the form that the decisions use. */
public sealed interface ConversationEvent {

    /** The fields that every event has. */
    Details details();

    /** The event time. */
    default long time() {
        return details().evidence().eventTime().toEpochMilli();
    }

    /**
     * The fields that every event has.
     *
     * @param evidence the short form of the event that a command carries
     * @param fingerprint identifies the event for deduplication, or null if the event states too little
     * @param sessionId the id of the participant's session, or null
     * @param customerId the customer's Open Messaging id, or null
     * @param organizationId the bot platform's organisation, or null
     */
    record Details(
            Evidence evidence,
            @Nullable Fingerprint fingerprint,
            @Nullable String sessionId,
            @Nullable String customerId,
            @Nullable String organizationId) {}

    /** {@code customer.start}. */
    record CustomerStarted(Details details) implements ConversationEvent {}

    /**
     * {@code customer.end}.
     *
     * @param interactingMs how long the customer interacted in this session; 0 if not stated
     */
    record CustomerEnded(Details details, long interactingMs) implements ConversationEvent {

        boolean isTransfer() {
            String type = details.evidence().disconnectType();
            return type != null && AgentEnded.isTransfer(type);
        }
    }

    /**
     * {@code user.start}: an agent is alerted.
     *
     * @param agentSessionId null if the event names no session, participant or user
     * @param fromQueue whether a queue offered the conversation to the agent. If so, an {@code acd.end} reports the
     *     answer
     * @param replayed whether the event comes from an archive replay. In a replay, the session may have ended long
     *     ago although its {@code user.end} has not arrived yet
     */
    record AgentStarted(
            Details details,
            @Nullable String agentSessionId,
            @Nullable String agentId,
            boolean fromQueue,
            boolean replayed)
            implements ConversationEvent {}

    /**
     * {@code user.end}: an agent's session ended.
     *
     * @param agentSessionId null if the old data action reported the event
     * @param otherMs how long the session was on hold, contacting, dialing or in a callback
     */
    record AgentEnded(
            Details details,
            @Nullable String agentSessionId,
            @Nullable String agentId,
            long interactingMs,
            long alertingMs,
            long otherMs)
            implements ConversationEvent {

        private static final String TRANSFER = "TRANSFER";
        private static final String TAKEOVER = "TAKEOVER";

        /**
         * Why the agent is gone. The reason selects among rows 5 to 9 of the table in {@link ConversationStateMachine}.
         */
        public AgentSession.Reason reason() {
            String type = details.evidence().disconnectType();
            if (type != null && isDeclined(type)) {
                return AgentSession.Reason.DECLINED;
            }
            if (type != null && isTransfer(type)) {
                return AgentSession.Reason.TRANSFERRED;
            }
            return interactingMs == 0 && alertingMs > 0 ? AgentSession.Reason.DECLINED : AgentSession.Reason.LEFT;
        }

        /** Whether the event states durations. Without durations, it is unknown when the session began. */
        public boolean hasDurations() {
            return interactingMs + alertingMs + otherMs > 0;
        }

        /** When the session began, by its durations (epoch ms). Valid only if {@link #hasDurations}. */
        public long began() {
            return time() - interactingMs - alertingMs - otherMs;
        }

        private static boolean isDeclined(String type) {
            return type.equals("NO_ANSWER_TRANSFER")
                    || type.equals("NOT_AVAILABLE_TRANSFER")
                    || type.startsWith("DND_");
        }

        /**
         * Compares the end of the disconnect type. A list of all types would be incomplete, because Genesys adds types.
         */
        static boolean isTransfer(String type) {
            return type.endsWith(TRANSFER) || type.equals(TAKEOVER);
        }
    }

    /**
     * {@code acw}: an agent finished the after-call work.
     *
     * @param agentSessionId null if the old data action reported the event
     */
    record AfterCallWorkCompleted(
            Details details,
            @Nullable String agentSessionId,
            @Nullable String agentId) implements ConversationEvent {}

    /** {@code acd.start}: the conversation entered a queue. */
    record QueueEntered(Details details, String queueSessionId) implements ConversationEvent {}

    /**
     * {@code acd.end}: the conversation left the queue.
     *
     * @param answeredBy the agent who answered, or null
     */
    record QueueLeft(
            Details details,
            String queueSessionId,
            QueueSession.Exit exit,
            @Nullable String answeredBy) implements ConversationEvent {}

    /** {@code flow.start}: an Architect flow began. */
    record FlowStarted(Details details) implements ConversationEvent {}

    /** Any other event of the conversation. It decides nothing. */
    record OtherEvent(Details details) implements ConversationEvent {}
}
