package io.handover.conversation;

/**
 * {@code flow.start}: an Architect flow began.
 *
 * @param routing whether the flow has the conversation while it runs. An in-queue flow runs beside a wait in a queue
 */
public record FlowStarted(Details details, String flowSessionId, boolean routing) implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        FlowSession known = state.sessions().flow(flowSessionId);
        FlowSession session = known == null ? FlowSession.unseen(flowSessionId, routing) : known;
        ConversationState merged = state.with(state.sessions().with(session.started(time())));
        return routing && state.ownsStart(time(), at, policy)
                ? merged.with(state.cycle().withStart(time()))
                : merged;
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        FlowSession session = facts.flow(flowSessionId);
        if (session.startedAt() == time() && session.departedAt() >= time()) {
            return Outcome.STARTED_AFTER_END;
        }
        if (!facts.state().owns(session)) {
            return Outcome.AFTER_END;
        }
        return session.startedAt() == time() && reading.row() == Reading.Row.IN_FLOW && reading.isDecidedBy(session)
                ? Outcome.FLOW_ENTERED
                : Outcome.NOTED;
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        return routing ? Opening.byStartAfterEnd(ended, time(), at, policy) : Opening.NONE;
    }
}
