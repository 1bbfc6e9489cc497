package io.handover.conversation;

/**
 * {@code customer.end}: the customer's session is over.
 *
 * @param interactingMs how long the customer interacted in this session; 0 if not stated
 */
public record CustomerEnded(Details details, long interactingMs) implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        Cycle cycle = state.cycle();
        if (isTransfer() || !policy.customerEndEnds()) {
            return state;
        }
        Customer customer = state.customer().inSession(details.sessionId());
        if (cycle.open() && cycle.ownsFact(time())) {
            return state.with(customer.ended(evidence(), at));
        }
        // This event ends the previous handover, or the first start of its handover is late. An end that is ahead of
        // the stream time comes from a wrong clock: it must not suppress the handovers that start before this time.
        boolean ahead = time() > at + policy.outOfOrderGraceMs();
        boolean older = customer.unmatchedEnd() != null
                && !evidence().eventTime().isAfter(customer.unmatchedEnd().eventTime());
        return state.with(ahead || older ? customer : customer.ended(evidence(), at));
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        if (isTransfer()) {
            return Outcome.CUSTOMER_TRANSFERRED;
        }
        // ConversationStateMachine decides CUSTOMER_ENDED: an end that ends the handover does not get here.
        return facts.state().cycle().ownsFact(time()) ? Outcome.CUSTOMER_END_NOTED : Outcome.AFTER_END;
    }

    /**
     * The next handover opens if another session of the customer ended, and it began after the last end. If all starts
     * of the next handover are missing, only such an event shows that it took place.
     */
    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        String session = details.sessionId();
        String known = ended.customer().sessionId();
        if (isTransfer() || !policy.customerEndEnds() || (session != null && session.equals(known))) {
            return Opening.NONE;
        }
        long began = time() - interactingMs;
        boolean isOther = interactingMs > 0 || (session != null && known != null);
        return isOther && ended.cycle().isAfterLastEnd(began) ? Opening.byEnd(began) : Opening.NONE;
    }

    private boolean isTransfer() {
        return DisconnectType.isTransfer(evidence().disconnectType());
    }
}
