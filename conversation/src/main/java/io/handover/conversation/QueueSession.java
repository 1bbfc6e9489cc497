package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * One wait in a queue. Its end can arrive before its start.
 *
 * @param id the id of the session, otherwise of the participant, otherwise of the queue
 * @param cycle the number of the handover that it belongs to
 * @param enteredAt when the conversation entered the queue; {@link AgentSession#UNKNOWN} if that has not arrived
 * @param left the event that ended the wait, or null
 * @param exit how the wait ended; without meaning while {@code left} is null
 * @param answeredBy the agent who answered, or null
 */
public record QueueSession(
        String id,
        int cycle,
        long enteredAt,
        @Nullable Evidence left,
        Exit exit,
        @Nullable String answeredBy) {

    /** How a wait in a queue ends. */
    public enum Exit {
        /** An agent answered. */
        ANSWERED,
        /** The customer left. */
        ABANDONED,
        /** The conversation went on to a flow, or Genesys reports another outcome. */
        OTHER
    }

    static QueueSession unseen(String id, int cycle) {
        return new QueueSession(id, cycle, AgentSession.UNKNOWN, null, Exit.OTHER, null);
    }

    long leftAt() {
        return left == null ? AgentSession.UNKNOWN : left.eventTime().toEpochMilli();
    }

    /** Whether the conversation entered the queue and is not known to have left it. */
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
