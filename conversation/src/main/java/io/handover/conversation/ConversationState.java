package io.handover.conversation;

import org.jspecify.annotations.Nullable;

/**
 * The state of one conversation: the facts that its events reported, and what was decided. Immutable.
 *
 * @param fingerprints the fingerprints of the events already applied
 * @param touchedAt the newest event time or stream time of the events; the retention counts from this time
 */
public record ConversationState(
        Cycle cycle, Sessions sessions, Customer customer, Fingerprints fingerprints, long touchedAt) {

    /** A conversation without events. */
    public static final ConversationState NEW = new ConversationState(
            Cycle.FIRST, Sessions.NONE, Customer.UNKNOWN, Fingerprints.NONE, AgentSession.UNKNOWN);

    /** Whether no event has been applied. A new state is not stored. */
    public boolean isNew() {
        return touchedAt == AgentSession.UNKNOWN;
    }

    public boolean isOpen() {
        return cycle.open();
    }

    /** The end that is held, or null. */
    public @Nullable PendingEnd pending() {
        return cycle.pending();
    }

    /**
     * Whether a handover is open that has begun: an event reported the customer, an agent, a queue or a flow. Otherwise
     * nobody can wait for its end.
     */
    public boolean hasOpenHandover() {
        return cycle.open()
                && (cycle.number() > 1 || !sessions.isEmpty() || customer.startedAt() != AgentSession.UNKNOWN);
    }

    /**
     * When the open handover began: the event time of its earliest known start, or of its earliest known event, if no start
     * is known. {@link AgentSession#UNKNOWN} if no handover is open that has begun. An event that arrives late can make it
     * earlier.
     */
    public long openedAt() {
        if (!hasOpenHandover()) {
            return AgentSession.UNKNOWN;
        }
        return cycle.began() == AgentSession.UNKNOWN ? sessions.earliest(customer.startedAt()) : cycle.began();
    }

    public Phase phase() {
        if (!cycle.open()) {
            return Phase.ENDED;
        }
        PendingEnd pending = cycle.pending();
        return pending == null || pending.reason() == EndReason.IDLE
                ? Reading.of(HandoverFacts.of(this)).row().phase()
                : Phase.HELD;
    }

    /**
     * Whether a start at this event time belongs to the current handover. Otherwise it is a late event of an earlier
     * one.
     */
    boolean ownsStart(long time, long at, TransferPolicy policy) {
        return cycle.isAfterLastEnd(time) && !customer.hasLongLeft(time, at, policy);
    }

    /** Whether a queue session belongs to the current handover. If its start is unknown, its end decides. */
    boolean owns(QueueSession session) {
        return session.cycle() == cycle.number()
                || (session.enteredAt() == AgentSession.UNKNOWN && cycle.ownsFact(session.departedAt()));
    }

    /**
     * Whether a flow session belongs to the current handover. If its start is unknown, its end decides. An in-queue flow
     * opens no handover, so it can start before the first known start, but it cannot have ended by then.
     */
    boolean owns(FlowSession session) {
        long started = session.startedAt();
        if (started == AgentSession.UNKNOWN) {
            return cycle.ownsFact(session.departedAt());
        }
        boolean mayStartEarlier = !session.routing() && session.departedAt() == AgentSession.UNKNOWN;
        long decisive = session.routing() ? started : session.departedAt();
        return cycle.isAfterLastEnd(started) && (mayStartEarlier || cycle.ownsFact(decisive));
    }

    /** The number of the handover of a new session. After the end, every event belongs to the handover that ended. */
    int cycleOf(boolean owned) {
        return owned || !cycle.open() ? cycle.number() : cycle.number() - 1;
    }

    /** The state after adding the fingerprint, the customer and the time of the event. */
    ConversationState touched(ConversationEvent event, long at) {
        Fingerprint fingerprint = event.details().fingerprint();
        return new ConversationState(
                cycle,
                sessions,
                customer.identifiedBy(event.details()),
                fingerprint == null ? fingerprints : fingerprints.with(fingerprint),
                Math.max(touchedAt, Math.max(at, event.time())));
    }

    /**
     * The state to store. Of an event that can never be evidence of an end, only the time is kept: of a transfer, a
     * decline, an answer from a queue, the end of a flow that did not disconnect. A later event replaces it as a whole.
     */
    @SuppressWarnings("ReferenceEquality") // the same instance is returned if nothing changed
    public ConversationState withoutSpentEvidence() {
        Sessions kept = sessions.withoutSpentEvidence();
        return kept == sessions ? this : with(kept);
    }

    @SuppressWarnings("ReferenceEquality") // a handover that is the same is the same instance
    ConversationState with(Cycle next) {
        return next == cycle ? this : new ConversationState(next, sessions, customer, fingerprints, touchedAt);
    }

    ConversationState with(Sessions next) {
        return new ConversationState(cycle, next, customer, fingerprints, touchedAt);
    }

    ConversationState with(Customer next) {
        return new ConversationState(cycle, sessions, next, fingerprints, touchedAt);
    }
}
