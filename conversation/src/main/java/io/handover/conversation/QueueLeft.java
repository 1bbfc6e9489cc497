package io.handover.conversation;

import io.handover.conversation.QueueSession.Exit;
import org.jspecify.annotations.Nullable;

/**
 * {@code acd.end}: the conversation left the queue.
 *
 * @param answeredBy the agent who answered, or null
 */
public record QueueLeft(
        Details details,
        String queueSessionId,
        Exit exit,
        @Nullable String answeredBy) implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        QueueSession known = state.sessions().queue(queueSessionId);
        boolean owned = state.cycle().ownsFact(time());
        QueueSession session = known == null ? QueueSession.unseen(queueSessionId, state.cycleOf(owned)) : known;
        return state.with(state.sessions().with(session.left(evidence(), exit, answeredBy)));
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        QueueSession session = facts.queue(queueSessionId);
        if (!facts.state().owns(session)) {
            return Outcome.AFTER_END;
        }
        if (!evidence().equals(session.left())) {
            return Outcome.NOTED;
        }
        if (exit == Exit.ANSWERED) {
            return Outcome.QUEUE_ANSWERED;
        }
        return reading.isDecidedBy(session)
                ? Outcome.ofDeparture(reading, Outcome.QUEUE_ABANDONED)
                : Outcome.QUEUE_LEFT;
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        return Opening.NONE;
    }
}
