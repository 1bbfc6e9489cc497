package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one stay in a queue. Its end can arrive before its start.
 *
 * @param id the session's id, else the participant's
 * @param cycle the handover that it belongs to
 * @param enteredAt when the conversation entered the queue; {@link AgentSession#UNKNOWN} if not seen
 * @param left the event that ended it, or null
 * @param exit how it ended; meaningless while {@code left} is null
 * @param answeredBy the agent who answered, or null
 */
public record QueueSession(
        String id,
        int cycle,
        long enteredAt,
        @Nullable Evidence left,
        Exit exit,
        @Nullable String answeredBy) {

    /** How a stay in a queue ends. */
    public enum Exit {
        /** An agent answered. */
        ANSWERED,
        /** The customer left. */
        ABANDONED,
        /** It went on to a flow, or Genesys told something else. */
        OTHER
    }

    static QueueSession unseen(String id, int cycle) {
        return new QueueSession(id, cycle, AgentSession.UNKNOWN, null, Exit.OTHER, null);
    }

    long leftAt() {
        return left == null ? AgentSession.UNKNOWN : left.eventTime().toEpochMilli();
    }

    /** Whether the conversation entered and has not been seen to leave. */
    boolean isWaiting() {
        return enteredAt > leftAt();
    }

    QueueSession entered(long time, int inCycle) {
        return new QueueSession(id, inCycle, Math.max(enteredAt, time), left, exit, answeredBy);
    }

    QueueSession left(Evidence evidence, Exit how, @Nullable String agentId) {
        return evidence.eventTime().toEpochMilli() <= leftAt()
                ? this
                : new QueueSession(id, cycle, enteredAt, evidence, how, agentId);
    }
}
