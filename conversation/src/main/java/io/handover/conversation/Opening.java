package io.handover.conversation;

/**
 * What an event opens after the end of a handover.
 *
 * @param outcome {@link Outcome#REOPENED_BY_START} or {@link Outcome#REOPENED_BY_END} if it opens the next handover
 * @param began the event time at which the next handover began; not valid if none opens
 */
record Opening(Outcome outcome, long began) {

    /** The event opens nothing: it belongs to the handover that has ended. */
    static final Opening NONE = new Opening(Outcome.AFTER_END, AgentSession.UNKNOWN);

    private static final Opening TOO_LATE = new Opening(Outcome.LATE_START, AgentSession.UNKNOWN);

    static Opening byStart(ConversationState ended, long start, long at, TransferPolicy policy) {
        return ended.customer().hasLongLeft(start, at, policy)
                ? TOO_LATE
                : new Opening(Outcome.REOPENED_BY_START, start);
    }

    /** The opening by a start that belongs to the next handover if it came after the end. */
    static Opening byStartAfterEnd(ConversationState ended, long start, long at, TransferPolicy policy) {
        return ended.cycle().isAfterLastEnd(start) ? byStart(ended, start, at, policy) : NONE;
    }

    static Opening byEnd(long began) {
        return new Opening(Outcome.REOPENED_BY_END, began);
    }

    boolean opensHandover() {
        return outcome == Outcome.REOPENED_BY_START || outcome == Outcome.REOPENED_BY_END;
    }
}
