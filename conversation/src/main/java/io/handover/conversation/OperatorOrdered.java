package io.handover.conversation;

import io.handover.schema.OperatorOrder.Action;

/**
 * The order of an operator for one handover. It reports no facts, so {@link ConversationStateMachine} decides it before it
 * would be merged. It counts as an event for the idle time and the retention.
 *
 * @param cycle the number of the handover. Meanwhile, it may have ended, and another one may be open
 */
public record OperatorOrdered(Details details, Action action, int cycle) implements ConversationEvent {

    private static final Opening NONE = new Opening(Outcome.ORDER_WITHOUT_EFFECT, AgentSession.UNKNOWN);

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        return state;
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        return Outcome.ORDER_WITHOUT_EFFECT;
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        return NONE;
    }
}
