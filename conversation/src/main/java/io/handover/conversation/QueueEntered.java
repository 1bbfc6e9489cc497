package io.handover.conversation;

/** {@code acd.start}: the conversation entered a queue. */
public record QueueEntered(Details details, String queueSessionId) implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        QueueSession known = state.sessions().queue(queueSessionId);
        boolean owned = state.ownsStart(time(), at, policy);
        QueueSession session = known == null ? QueueSession.unseen(queueSessionId, state.cycleOf(owned)) : known;
        // If only the end of the session was known, its start determines the handover.
        boolean moves = owned || session.enteredAt() == AgentSession.UNKNOWN;
        int cycle = moves ? state.cycleOf(owned) : session.cycle();
        ConversationState merged = state.with(state.sessions().with(session.entered(time(), cycle)));
        return owned ? merged.with(state.cycle().withStart(time())) : merged;
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        QueueSession session = facts.queue(queueSessionId);
        if (session.enteredAt() == time() && session.departedAt() >= time()) {
            return Outcome.STARTED_AFTER_END;
        }
        if (session.cycle() != facts.state().cycle().number()) {
            return Outcome.AFTER_END;
        }
        return session.enteredAt() == time() && facts.isWaiting(session) ? Outcome.QUEUE_ENTERED : Outcome.NOTED;
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        return Opening.byStartAfterEnd(ended, time(), at, policy);
    }
}
