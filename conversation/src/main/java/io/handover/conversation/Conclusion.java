package io.handover.conversation;

import io.handover.schema.Evidence;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the facts of an open handover say is to happen, and when.
 *
 * <p>The newest fact about who has the conversation decides, whatever order the facts arrived in: somebody serves or
 * it waits in a queue, then nothing is pending; it was transferred or answered last, then it is moving on and nothing is
 * pending either; an agent left last, or the customer left the queue last, then the end is pending.
 */
final class Conclusion {

    /**
     * The departure that counts. At equal times the one that moves the conversation on wins: an end too late is put
     * right by the customer's own end, an end too early by nothing.
     */
    private static final Comparator<AgentSession> BY_DEPARTURE = Comparator.comparingLong(AgentSession::departedAt)
            .thenComparing(session -> session.is(AgentSession.Reason.TRANSFERRED))
            .thenComparing(session -> session.departure() == null)
            .thenComparing(AgentSession::id);

    private static final Comparator<QueueSession> BY_EXIT =
            Comparator.comparingLong(QueueSession::leftAt).thenComparing(QueueSession::id);

    private Conclusion() {}

    /** The state with the end pending that its facts call for, or with none. */
    static ConversationState of(ConversationState state, long at, TransferPolicy policy) {
        PendingEnd next = conclude(state, at, policy);
        if (next == null && policy.maxIdleMs() > 0) {
            next = new PendingEnd(EndReason.IDLE, null, List.of(), at + policy.maxIdleMs());
        }
        if (next == null) {
            return state.withPending(null);
        }
        PendingEnd held = state.pending();
        // An event that changes nothing about the end must not put it off, or a busy conversation would never end.
        PendingEnd kept = held != null && held.saysTheSameAs(next) ? held : next;
        return state.withPending(kept.notBefore(stillMovingUntil(state, kept, policy)));
    }

    private static @Nullable PendingEnd conclude(ConversationState state, long at, TransferPolicy policy) {
        if (!policy.agentsEnd() || state.isServed() || state.isWaiting()) {
            return null;
        }
        AgentSession last = lastDeparted(state);
        QueueSession queue = lastLeft(state);
        if (queue != null && queue.left() != null && (last == null || queue.leftAt() > last.departedAt())) {
            return queue.exit() == QueueSession.Exit.ABANDONED
                    ? new PendingEnd(
                            EndReason.QUEUE_ABANDONED,
                            queue.id(),
                            List.of(queue.left()),
                            at + atLeastTheGrace(policy.transferTimeoutMs(), policy))
                    : null;
        }
        return last == null || last.is(AgentSession.Reason.TRANSFERRED) ? null : ofAgentSession(last, at, policy);
    }

    private static PendingEnd ofAgentSession(AgentSession session, long at, TransferPolicy policy) {
        Evidence acw = session.acw();
        if (session.departure() == null) {
            return new PendingEnd(
                    EndReason.TRANSFER_TIMEOUT,
                    session.id(),
                    List.of(Objects.requireNonNull(
                            acw, "Expected who is gone to have left or wrapped up, but neither is known")),
                    at + atLeastTheGrace(policy.transferTimeoutMs(), policy));
        }
        Evidence left = session.departure().evidence();
        if (acw == null) {
            return new PendingEnd(
                    EndReason.AGENT_LEFT,
                    session.id(),
                    List.of(left),
                    at + atLeastTheGrace(policy.afterCallWorkTimeoutMs(), policy));
        }
        return new PendingEnd(
                EndReason.AFTER_CALL_WORK,
                session.id(),
                acw.eventTime().isBefore(left.eventTime()) ? List.of(acw, left) : List.of(left, acw),
                at + policy.outOfOrderGraceMs());
    }

    /** A shorter time-out must not take the stragglers their grace. */
    private static long atLeastTheGrace(long timeoutMs, TransferPolicy policy) {
        return Math.max(timeoutMs, policy.outOfOrderGraceMs());
    }

    /** The last agent who had the conversation and is gone; one who declined never had it. */
    private static @Nullable AgentSession lastDeparted(ConversationState state) {
        AgentSession last = null;
        for (AgentSession session : state.agentSessions()) {
            if (session.cycle() == state.cycle()
                    && !session.is(AgentSession.Reason.DECLINED)
                    && (last == null || BY_DEPARTURE.compare(session, last) > 0)) {
                last = session;
            }
        }
        return last;
    }

    private static @Nullable QueueSession lastLeft(ConversationState state) {
        QueueSession last = null;
        for (QueueSession session : state.queueSessions()) {
            if (state.owns(session) && (last == null || BY_EXIT.compare(session, last) > 0)) {
                last = session;
            }
        }
        return last;
    }

    /**
     * Until when the conversation may yet be on its way to somebody: within the transfer timeout of the newest transfer,
     * and, if an agent declined after the departure that is pending, within the after-call-work timeout of that; it is
     * perhaps being offered further, which nothing tells where queues are not subscribed to. A customer who leaves a queue
     * makes the agent who is alerted decline, so that this says nothing then.
     */
    private static long stillMovingUntil(ConversationState state, PendingEnd pending, TransferPolicy policy) {
        long departed = pending.evidence().isEmpty()
                ? Long.MAX_VALUE
                : pending.evidence().get(0).eventTime().toEpochMilli();
        long until = AgentSession.UNKNOWN;
        for (AgentSession session : state.agentSessions()) {
            AgentSession.Departure departure = session.cycle() == state.cycle() ? session.departure() : null;
            if (departure == null) {
                continue;
            }
            if (departure.reason() == AgentSession.Reason.TRANSFERRED) {
                until = Math.max(until, departure.at() + policy.transferTimeoutMs());
            } else if (departure.reason() == AgentSession.Reason.DECLINED
                    && pending.reason() != EndReason.QUEUE_ABANDONED
                    && departure.time() > departed) {
                until = Math.max(until, departure.at() + policy.afterCallWorkTimeoutMs());
            }
        }
        return until;
    }
}
