package io.handover.conversation;

import io.handover.schema.Evidence;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Concludes from the facts of an open handover whether an end is due, and when.
 *
 * <p>The fact with the newest event time decides; the order of arrival does not matter. No end is due while an agent
 * serves or the conversation waits in a queue. No end is due if the newest fact is a transfer or an answer: the
 * conversation moves on. An end is due if the newest fact is that an agent left, or that the customer left the queue.
 *
 * <p>If no end is due and {@link TransferPolicy#maxIdleMs} is set, the end for idleness is held.
 */
final class Conclusion {

    /**
     * Orders departures by time; the newest decides. At equal times a transfer decides, so no end is due. An end that
     * is sent too late is corrected by {@code customer.end}. An end that is sent too early cannot be taken back.
     */
    private static final Comparator<AgentSession> BY_DEPARTURE = Comparator.comparingLong(AgentSession::departedAt)
            .thenComparing(session -> session.is(AgentSession.Reason.TRANSFERRED))
            .thenComparing(session -> session.departure() == null)
            .thenComparing(AgentSession::id);

    private static final Comparator<QueueSession> BY_EXIT =
            Comparator.comparingLong(QueueSession::leftAt).thenComparing(QueueSession::id);

    private Conclusion() {}

    /** The state with the pending end that follows from its facts, or with none. */
    static ConversationState of(ConversationState state, long at, TransferPolicy policy) {
        PendingEnd next = conclude(state, at, policy);
        if (next == null && policy.maxIdleMs() > 0) {
            next = new PendingEnd(EndReason.IDLE, null, List.of(), at + policy.maxIdleMs());
        }
        if (next == null) {
            return state.withPending(null);
        }
        PendingEnd held = state.pending();
        // If the same end is concluded again, its deadline stays. Otherwise, a conversation with many events would
        // never end.
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

    /** The timeout, or the out-of-order grace if that is longer. A short timeout must not cut off late events. */
    private static long atLeastTheGrace(long timeoutMs, TransferPolicy policy) {
        return Math.max(timeoutMs, policy.outOfOrderGraceMs());
    }

    /**
     * The agent session that departed last, or null. Declined agent sessions do not count: these agents never served.
     */
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
     * The stream time until which the conversation may still be moving to another agent. This is the transfer timeout
     * after a transfer, and the after-call-work timeout after an agent declined.
     *
     * <p>An agent who declined counts only after the departure that the end is concluded from. The queue may then be
     * offering the conversation to other agents, and no event shows this without a subscription to the topics of
     * queues. For {@link EndReason#QUEUE_ABANDONED}, a decline does not count: the alerted agent declines because the
     * customer left.
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
