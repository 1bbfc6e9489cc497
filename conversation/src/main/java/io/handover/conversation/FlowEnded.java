package io.handover.conversation;

import io.handover.conversation.FlowSession.Exit;

/**
 * {@code flow.end}: an Architect flow ended.
 *
 * @param routing whether the flow had the conversation while it ran
 */
public record FlowEnded(Details details, String flowSessionId, boolean routing, Exit exit)
        implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        FlowSession known = state.sessions().flow(flowSessionId);
        FlowSession session = known == null ? FlowSession.unseen(flowSessionId, routing) : known;
        return state.with(state.sessions().with(session.ended(evidence(), exit)));
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        FlowSession session = facts.flow(flowSessionId);
        if (!facts.state().owns(session)) {
            return Outcome.AFTER_END;
        }
        if (!evidence().equals(session.ended())) {
            return Outcome.NOTED;
        }
        return reading.isDecidedBy(session)
                ? Outcome.ofDeparture(reading, Outcome.FLOW_DISCONNECTED)
                : Outcome.FLOW_LEFT;
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        return Opening.NONE;
    }
}
