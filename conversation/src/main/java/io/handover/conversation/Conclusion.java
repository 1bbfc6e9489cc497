package io.handover.conversation;

import io.handover.schema.Evidence;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Concludes from the facts of an open handover whether an end is due, and when.
 *
 * <p>The newest fact decides, in every order of arrival. When an agent serves or the conversation is queued, then no
 * end is due. When a transfer or an answer is the newest, then the conversation moves on, and no end is due. When an
 * agent left last, or the customer left the queue last, then an end is due.
 */
final class Conclusion {

    /**
     * Orders departures; the last one decides. At equal times a transfer does, because an end too late is corrected by
     * the customer's own end, and an end too early by no event.
     */
    private static final Comparator<AgentSession> BY_DEPARTURE = Comparator.comparingLong(AgentSession::departedAt)
            .thenComparing(session -> session.is(AgentSession.Reason.TRANSFERRED))
            .thenComparing(session -> session.departure() == null)
            .thenComparing(AgentSession::id);

    private static final Comparator<QueueSession> BY_EXIT =
            Comparator.comparingLong(QueueSession::leftAt).thenComparing(QueueSession::id);

    private Conclusion() {}

    /** The state with the end that its facts conclude, or without one. */
    static ConversationState of(ConversationState state, long at, TransferPolicy policy) {
        PendingEnd next = conclude(state, at, policy);
        if (next == null && policy.maxIdleMs() > 0) {
            next = new PendingEnd(EndReason.IDLE, null, List.of(), at + policy.maxIdleMs());
        }
        if (next == null) {
            return state.withPending(null);
        }
        PendingEnd held = state.pending();
        // An event that concludes the same end must not move its deadline, or a busy conversation would never end.
        PendingEnd kept = held != null && held.hasSameEvidenceAs(next) ? held : next;
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
                            acw, "Expected an end or an acw of the agent session, but both are missing")),
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

    /** A shorter timeout must not shorten the grace for late events. */
    private static long atLeastTheGrace(long timeoutMs, TransferPolicy policy) {
        return Math.max(timeoutMs, policy.outOfOrderGraceMs());
    }

    /** The agent who served and went last; an agent who declined never served. */
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
     * Until when the conversation may still be moving to another agent: for the transfer timeout after a transfer, and
     * for the after-call-work timeout after an agent declined, if that was after the departure that is concluded from.
     * The queue may be offering it to others, which no event shows without a subscription to queues. A customer who
     * leaves the queue makes the alerted agent decline, so then a decline shows nothing.
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
