package io.handover.conversation;

/** {@code customer.start}: the customer is there. */
public record CustomerStarted(Details details) implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        ConversationState next = state.with(state.customer().started(details.sessionId(), time()));
        return state.ownsStart(time(), at, policy) ? next.with(state.cycle().withStart(time())) : next;
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        return Outcome.NOTED;
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        return Opening.byStartAfterEnd(ended, time(), at, policy);
    }
}
