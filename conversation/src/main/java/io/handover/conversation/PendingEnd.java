package io.handover.conversation;

import io.handover.conversation.AgentSession.Departure;
import io.handover.conversation.AgentSession.Reason;
import io.handover.schema.Evidence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An end that is concluded and held. It is announced at its deadline, unless an event refutes it earlier.
 *
 * @param reason why the handover ends
 * @param evidence the events that led to the end, oldest first; the newest is the deciding event. Empty for
 *     {@link EndReason#IDLE}
 * @param deadline the stream time at which the end is announced
 */
public record PendingEnd(EndReason reason, List<Evidence> evidence, long deadline) {

    public PendingEnd {
        evidence = List.copyOf(evidence);
    }

    /**
     * The end that the reading makes pending, or null.
     *
     * <p>If the same end is concluded again, its deadline stays. Otherwise, a conversation with many events would never
     * end.
     */
    static @Nullable PendingEnd of(Reading reading, HandoverFacts facts, long at, TransferPolicy policy) {
        PendingEnd next = null;
        if (reading instanceof Reading.Over over) {
            next = new PendingEnd(
                    over.reason(), over.evidence(), at + over.reason().holdMs(policy));
        } else if (policy.maxIdleMs() > 0) {
            next = new PendingEnd(EndReason.IDLE, List.of(), at + EndReason.IDLE.holdMs(policy));
        }
        if (next == null) {
            return null;
        }
        PendingEnd held = facts.state().pending();
        PendingEnd kept = held != null && held.evidence.equals(next.evidence) ? held : next;
        return kept.notBefore(kept.stillMovingUntil(facts.state(), policy));
    }

    PendingEnd notBefore(long time) {
        return time <= deadline ? this : new PendingEnd(reason, evidence, time);
    }

    /**
     * The stream time until which the conversation may still be moving to another agent. This is the transfer timeout
     * after a transfer, and the after-call-work timeout after an agent declined.
     *
     * <p>An agent who declined counts only after the departure that the end is concluded from. The queue may then be
     * offering the conversation to other agents, and no event shows this without a subscription to the topics of
     * queues. If the conversation was disconnected, a decline does not count: it is why the alerted agent declines.
     */
    private long stillMovingUntil(ConversationState state, TransferPolicy policy) {
        boolean disconnected = reason == EndReason.QUEUE_ABANDONED || reason == EndReason.FLOW_DISCONNECTED;
        long departed = evidence.isEmpty() || disconnected
                ? Long.MAX_VALUE
                : evidence.get(0).eventTime().toEpochMilli();
        long until = AgentSession.UNKNOWN;
        for (AgentSession session : state.sessions().agents()) {
            Departure departure = session.cycle() == state.cycle().number() ? session.departure() : null;
            if (departure == null) {
                continue;
            }
            if (departure.reason() == Reason.TRANSFERRED) {
                until = Math.max(until, departure.at() + policy.transferTimeoutMs());
            } else if (departure.reason() == Reason.DECLINED && departure.time() > departed) {
                until = Math.max(until, departure.at() + policy.afterCallWorkTimeoutMs());
            }
        }
        return until;
    }
}
