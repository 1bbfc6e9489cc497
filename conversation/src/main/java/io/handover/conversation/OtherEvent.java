package io.handover.conversation;

/** Any other event of the conversation. It decides nothing. */
public record OtherEvent(Details details) implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        return state;
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        return Outcome.NOTED;
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        return Opening.NONE;
    }
}
