package io.handover.streams.conversation;

import io.handover.schema.Evidence;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the facts of an open handover say is to happen, and when.
 *
 * <p>The newest fact about who has the conversation decides, whatever order the facts arrived in: somebody serves or
 * it waits in a queue, then nothing is pending; it was transferred, answered or declined last, then it is moving on
 * and nothing is pending either; an agent left last, or the customer left the queue last, then the end is pending.
 */
final class Conclusion {

    /**
     * The departure that counts. At equal times the one that moves the conversation on wins: an end too late is put
     * right by the customer's own end, an end too early by nothing.
     */
    private static final Comparator<Leg> BY_DEPARTURE = Comparator.comparingLong(Leg::departedAt)
            .thenComparing(leg -> leg.is(Leg.Reason.TRANSFERRED))
            .thenComparing(leg -> leg.departure() == null)
            .thenComparing(Leg::id);

    private Conclusion() {}

    /** The state with the end pending that its facts call for, or with none. */
    static ConversationState of(ConversationState state, long at, TransferPolicy policy) {
        Pending next = conclude(state, at, policy);
        if (next == null && policy.maxIdleMs() > 0) {
            next = new Pending(EndReason.IDLE, null, List.of(), at + policy.maxIdleMs());
        }
        if (next == null) {
            return state.withPending(null);
        }
        Pending held = state.pending();
        // An event that changes nothing about the end must not put it off, or a busy conversation would never end.
        Pending kept = held != null && held.saysTheSameAs(next) ? held : next;
        return state.withPending(kept.notBefore(endOfTransfers(state, policy)));
    }

    private static @Nullable Pending conclude(ConversationState state, long at, TransferPolicy policy) {
        if (!policy.agentsEnd() || state.isServed() || state.isWaiting()) {
            return null;
        }
        Leg last = lastDeparted(state);
        QueueSession queue = lastLeft(state);
        if (queue != null && queue.left() != null && (last == null || queue.leftAt() > last.departedAt())) {
            return queue.exit() == QueueSession.Exit.ABANDONED && !declinedAfter(state, queue.leftAt())
                    ? new Pending(
                            EndReason.QUEUE_ABANDONED,
                            queue.id(),
                            List.of(queue.left()),
                            at + policy.transferTimeoutMs())
                    : null;
        }
        if (last == null || last.is(Leg.Reason.TRANSFERRED) || declinedAfter(state, last.settledAt())) {
            return null;
        }
        return ofLeg(last, at, policy);
    }

    private static Pending ofLeg(Leg leg, long at, TransferPolicy policy) {
        Evidence wrapUp = leg.wrapUp();
        if (leg.departure() == null) {
            return new Pending(
                    EndReason.TRANSFER_TIMEOUT,
                    leg.id(),
                    wrapUp == null ? List.of() : List.of(wrapUp),
                    at + policy.transferTimeoutMs());
        }
        Evidence left = leg.departure().evidence();
        if (wrapUp == null) {
            return new Pending(EndReason.AGENT_LEFT, leg.id(), List.of(left), at + policy.afterCallWorkTimeoutMs());
        }
        return new Pending(
                EndReason.AFTER_CALL_WORK,
                leg.id(),
                wrapUp.eventTime().isBefore(left.eventTime()) ? List.of(wrapUp, left) : List.of(left, wrapUp),
                at + policy.outOfOrderGraceMs());
    }

    /** The last agent who had the conversation and is gone; one who declined never had it. */
    private static @Nullable Leg lastDeparted(ConversationState state) {
        Leg last = null;
        for (Leg leg : state.legs()) {
            if (leg.cycle() == state.cycle()
                    && !leg.is(Leg.Reason.DECLINED)
                    && (last == null || BY_DEPARTURE.compare(leg, last) > 0)) {
                last = leg;
            }
        }
        return last;
    }

    private static @Nullable QueueSession lastLeft(ConversationState state) {
        QueueSession last = null;
        for (QueueSession session : state.queueSessions()) {
            if (session.cycle() == state.cycle() && (last == null || session.leftAt() > last.leftAt())) {
                last = session;
            }
        }
        return last;
    }

    /** Whether an agent was offered the conversation and declined after that time: it is being offered further. */
    private static boolean declinedAfter(ConversationState state, long time) {
        for (Leg leg : state.legs()) {
            if (leg.cycle() == state.cycle() && leg.is(Leg.Reason.DECLINED) && leg.departedAt() > time) {
                return true;
            }
        }
        return false;
    }

    /** Until when the newest transfer may yet be followed by the agent it went to. */
    private static long endOfTransfers(ConversationState state, TransferPolicy policy) {
        long newest = Leg.UNKNOWN;
        for (Leg leg : state.legs()) {
            if (leg.cycle() == state.cycle() && leg.departure() != null && leg.is(Leg.Reason.TRANSFERRED)) {
                newest = Math.max(newest, leg.departure().at() + policy.transferTimeoutMs());
            }
        }
        return newest;
    }
}
