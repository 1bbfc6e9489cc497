package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/** Something that happened in a conversation, as Genesys tells it. */
public sealed interface ConversationEvent {

    /** What every event states. */
    Details details();

    /** When it happened. */
    default long time() {
        return details().evidence().eventTime().toEpochMilli();
    }

    /**
     * What every event states.
     *
     * @param evidence what is quoted in a command that it leads to
     * @param fingerprint what makes it the same event, or null if it states too little
     * @param sessionId the session of its participant, or null
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
     * @param interactingMs how long the customer's session interacted; 0 if not stated
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
     * @param fromQueue whether a queue offered the conversation, so that an {@code acd.end} tells who answered
     * @param replayed whether a replay of an archive tells of it: then the end of that session may come seconds later,
     *     however long ago both happened
     */
    record AgentStarted(
            Details details,
            @Nullable String agentSessionId,
            @Nullable String agentId,
            boolean fromQueue,
            boolean replayed)
            implements ConversationEvent {}

    /**
     * {@code user.end}: an agent's session ended, for whatever reason.
     *
     * @param agentSessionId null for the old data action
     * @param otherMs how long it was held, contacting, dialing or called back
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

        /** Rows 5 to 9: why the agent is gone. */
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

        /** Whether the durations say when the session began. */
        public boolean hasDurations() {
            return interactingMs + alertingMs + otherMs > 0;
        }

        /** When the session began, if {@link #hasDurations}. */
        public long began() {
            return time() - interactingMs - alertingMs - otherMs;
        }

        private static boolean isDeclined(String type) {
            return type.equals("NO_ANSWER_TRANSFER")
                    || type.equals("NOT_AVAILABLE_TRANSFER")
                    || type.startsWith("DND_");
        }

        /** By the ending and not by a list, because the enumeration grows. */
        static boolean isTransfer(String type) {
            return type.endsWith(TRANSFER) || type.equals(TAKEOVER);
        }
    }

    /**
     * {@code acw}: an agent finished the after-call work.
     *
     * @param agentSessionId null for the old data action
     */
    record AfterCallWorkCompleted(
            Details details,
            @Nullable String agentSessionId,
            @Nullable String agentId) implements ConversationEvent {}

    /** {@code acd.start}: the conversation waits in a queue. */
    record QueueEntered(Details details, String queueSessionId) implements ConversationEvent {}

    /**
     * {@code acd.end}: it no longer does.
     *
     * @param answeredBy the agent who answered, or null
     */
    record QueueLeft(
            Details details,
            String queueSessionId,
            QueueSession.Exit exit,
            @Nullable String answeredBy) implements ConversationEvent {}

    /** {@code flow.start}: an Architect flow has the conversation. */
    record FlowStarted(Details details) implements ConversationEvent {}

    /** Any other event of the conversation; it decides nothing. */
    record OtherEvent(Details details) implements ConversationEvent {}
}
