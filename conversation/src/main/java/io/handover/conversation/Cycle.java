package io.handover.conversation;

import org.jspecify.annotations.Nullable;

/**
 * The current handover of a conversation, open or ended. Immutable.
 *
 * @param number the number of the handover: 1, 2, 3…
 * @param lastEnd the newest end. While the handover is open, this is the end of the previous handover; null before the
 *     first end
 * @param began the event time of the earliest known start in the handover. In the first handover, it is
 *     {@link AgentSession#UNKNOWN}: every event belongs to the first handover
 * @param announced the agent announced last in this handover, or null
 * @param pending the end that is held, or null
 */
public record Cycle(
        int number,
        boolean open,
        @Nullable End lastEnd,
        long began,
        @Nullable Announced announced,
        @Nullable PendingEnd pending) {

    /** A conversation begins with a handover. */
    static final Cycle FIRST = new Cycle(1, true, null, AgentSession.UNKNOWN, null, null);

    /**
     * The end of a handover.
     *
     * @param time the event time of the deciding event; without one, the {@code touchedAt} of the state
     * @param isFinal whether {@code customer.end} or an operator decided the end. No late event of an agent refutes it
     */
    public record End(long time, boolean isFinal) {}

    /**
     * Validates the handover, so that corrupt bytes are not accepted as a state.
     *
     * @throws IllegalArgumentException if the number is below 1, or the handover is not open and has no end
     */
    public Cycle {
        if (number < 1) {
            throw new IllegalArgumentException("Expected cycle to be 1 or more, but it is " + number);
        }
        if (!open && lastEnd == null) {
            throw new IllegalArgumentException("Expected an ended conversation to have an end, but it has none");
        }
    }

    /** Whether a start at this event time came after the last end. Otherwise it is of an earlier handover. */
    boolean isAfterLastEnd(long time) {
        return lastEnd == null || time > lastEnd.time();
    }

    /**
     * Whether an event belongs to this handover if the start of its session is unknown. It does if it is not older than
     * the first start of the handover.
     */
    boolean ownsFact(long time) {
        return time >= began;
    }

    /** The handover begins with its earliest start, which can arrive late. */
    Cycle withStart(long time) {
        return new Cycle(number, open, lastEnd, Math.min(began, time), announced, pending);
    }

    Cycle withAnnounced(Announced agent) {
        return new Cycle(number, open, lastEnd, began, agent, pending);
    }

    /** The same instance if the pending end is the same. */
    @SuppressWarnings("ReferenceEquality") // an end that is kept is the same instance
    Cycle withPending(@Nullable PendingEnd next) {
        return next == pending ? this : new Cycle(number, open, lastEnd, began, announced, next);
    }

    Cycle ended(End end) {
        return new Cycle(number, false, end, began, announced == null ? null : announced.idAlone(), null);
    }

    Cycle next(long firstStart) {
        return new Cycle(number + 1, true, lastEnd, firstStart, null, null);
    }
}
