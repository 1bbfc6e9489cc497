package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * One wait in a queue. Its {@code acd.end} can arrive before its {@code acd.start}.
 *
 * @param id the session id; without a session id, the participant id; without both, the queue id
 * @param cycle the number of the handover
 * @param enteredAt when the conversation entered the queue; {@link AgentSession#UNKNOWN} if no {@code acd.start}
 *     arrived
 * @param left the {@code acd.end}, or null if it has not arrived
 * @param exit how the wait ended; valid only if {@code left} is not null
 * @param answeredBy the agent who answered, or null
 */
public record QueueSession(
        String id,
        int cycle,
        long enteredAt,
        @Nullable Evidence left,
        Exit exit,
        @Nullable String answeredBy) implements Session {

    /** How a wait in a queue ends. */
    public enum Exit {
        /** An agent answered. */
        ANSWERED,
        /** The conversation went on, for example to a flow. */
        TRANSFERRED,
        /** The conversation was disconnected: the customer left, or a flow ended it. */
        ABANDONED
    }

    static QueueSession unseen(String id, int cycle) {
        return new QueueSession(id, cycle, AgentSession.UNKNOWN, null, Exit.TRANSFERRED, null);
    }

    @Override
    public long departedAt() {
        return left == null ? AgentSession.UNKNOWN : left.eventTime().toEpochMilli();
    }

    /** Whether the conversation has entered the queue, and no later {@code acd.end} has arrived. */
    boolean isWaiting() {
        return enteredAt > departedAt();
    }

    QueueSession entered(long time, int inCycle) {
        return new QueueSession(id, inCycle, Math.max(enteredAt, time), left, exit, answeredBy);
    }

    QueueSession left(Evidence evidence, Exit how, @Nullable String agentId) {
        return evidence.eventTime().toEpochMilli() <= departedAt()
                ? this
                : new QueueSession(id, cycle, enteredAt, evidence, how, agentId);
    }

    /** The same session; its end, which is evidence only if {@link Exit#ABANDONED}, is otherwise reduced to its time. */
    QueueSession withoutSpentEvidence() {
        return left == null || exit == Exit.ABANDONED || Session.isTimeAlone(left)
                ? this
                : new QueueSession(id, cycle, enteredAt, Session.timeAlone(left.eventTime()), exit, answeredBy);
    }
}
