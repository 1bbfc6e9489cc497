package io.handover.conversation.fold;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.ConversationStateMachine;
import io.handover.conversation.Outcome;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.schema.AgentProfile;

/**
 * Applies the records of a log to their conversations, in order. Before each record, it fires the deadlines at or
 * before the stream time. To apply a record, it reads the conversation once and writes it at most once.
 *
 * <p>It reads no clock. The application and the back-test both use this class, so both decide the same.
 */
public final class ConversationFold {

    /**
     * How many deadlines the application fires at most per record, so that a record stays within every timeout of the
     * Kafka consumer. The other deadlines fire with the next records. No decision changes: before an event is applied,
     * the due deadlines of its own conversation fire.
     */
    public static final int MAX_FIRED = 4_000;

    private final ConversationStateMachine machine;
    private final Agents agents;
    private final TransferPolicy policy;
    private final ConversationStore store;
    private final int maxFired;
    private final Observer observer;

    /** Receives every decision, in order. */
    public interface Observer {

        /** An event was applied or ignored; the outcome says which. */
        void applied(String conversationId, ConversationState before, ConversationEvent event, Transition transition);

        /**
         * A deadline fired, or a handover expired.
         *
         * @param deadline the stream time at which it was due
         */
        void fired(String conversationId, ConversationState before, long deadline, Transition transition);

        /**
         * A timer has fired.
         *
         * @param lateMs the stream time minus the deadline of the timer, in milliseconds
         */
        default void overdue(long lateMs) {}

        /** A profile was applied or ignored; the outcome says which. */
        default void learned(ConversationState before, AgentProfile profile, Transition transition) {}

        /** The retention of a conversation is over, and its state is deleted. */
        default void forgotten(String conversationId, ConversationState last) {}
    }

    public ConversationFold(TransferPolicy policy, ConversationStore store, int maxFired, Observer observer) {
        this.policy = policy;
        this.agents = new Agents(policy.profiles(), store);
        this.machine = new ConversationStateMachine(policy, agents);
        this.store = store;
        this.maxFired = maxFired;
        this.observer = observer;
    }

    /** A fold that keeps its conversations on the heap. */
    public static ConversationFold onHeap(TransferPolicy policy, Observer observer) {
        return new ConversationFold(policy, new HeapConversationStore(), Integer.MAX_VALUE, observer);
    }

    /**
     * Fires the deadlines that are due, and forgets some of the ended conversations whose retention is over. When exactly
     * one is forgotten changes no decision: an event that comes for it before that finds the retention over, too.
     *
     * @param at the stream time; never goes back
     */
    public void advanceTo(long at) {
        if (store.isDue(at)) {
            fireDue(at);
        }
        for (String conversationId : store.expired(at, policy.retentionMs())) {
            StoredConversation stored = store.load(conversationId, at);
            save(conversationId, stored, settle(conversationId, stored.state(), at), StoredConversation.NO_TIMER);
        }
    }

    private void fireDue(long at) {
        for (Timer timer : store.removeDue(at, maxFired)) {
            if (timer.subject() == Timer.Subject.AGENT) {
                agents.timerFired(timer, at);
                continue;
            }
            StoredConversation stored = store.load(timer.id(), at);
            if (timer.deadline() != stored.retentionAt() && timer.deadline() != stored.holdAt()) {
                continue;
            }
            observer.overdue(at - timer.deadline());
            ConversationState next = settle(timer.id(), stored.state(), at);
            save(timer.id(), stored, next, timer.deadline());
        }
    }

    /**
     * Applies an event. Call {@link #advanceTo} first, with the same stream time.
     *
     * @param at the stream time
     * @param recordTime the time of the record, for {@link ConversationStore#load}
     */
    @SuppressWarnings("ReferenceEquality") // the core returns the same instance if nothing changed
    public void apply(String conversationId, ConversationEvent event, long at, long recordTime) {
        StoredConversation stored = store.load(conversationId, recordTime);
        ConversationState state = settle(conversationId, stored.state(), at);
        Transition transition = machine.apply(conversationId, state, event, at);
        observer.applied(conversationId, state, event, transition);
        // With a timeout of 0, the new deadline is due at once.
        ConversationState next = settle(conversationId, transition.state(), at);
        if (next != stored.state()) {
            save(conversationId, stored, next, StoredConversation.NO_TIMER);
        }
    }

    /**
     * Keeps the profile of an agent, and applies it to the conversation for which it was asked. Call {@link #advanceTo}
     * first, with the same stream time.
     *
     * @param at the stream time
     * @param recordTime the time of the record, for {@link ConversationStore#load}
     */
    @SuppressWarnings("ReferenceEquality") // the core returns the same instance if nothing changed
    public void learn(AgentProfile profile, long at, long recordTime) {
        agents.keep(profile, at);
        if (!policy.profiles().enabled()) {
            learned(profile, Outcome.PROFILE_IGNORED);
            return;
        }
        String conversationId = profile.conversationId();
        if (conversationId == null) {
            learned(profile, Outcome.PROFILE_KEPT);
            return;
        }
        StoredConversation stored = store.load(conversationId, recordTime);
        ConversationState state = settle(conversationId, stored.state(), at);
        Transition transition = machine.learn(conversationId, state, profile, at);
        observer.learned(state, profile, transition);
        if (transition.state() != stored.state()) {
            save(conversationId, stored, transition.state(), StoredConversation.NO_TIMER);
        }
    }

    private void learned(AgentProfile profile, Outcome outcome) {
        observer.learned(ConversationState.NEW, profile, Transition.silent(ConversationState.NEW, outcome));
    }

    /**
     * Fires the due deadlines of a conversation, and returns its next state. If the retention is over, this is
     * {@link ConversationState#NEW}.
     */
    private ConversationState settle(String conversationId, ConversationState state, long at) {
        ConversationState settled = state;
        while (settled.pending() != null && settled.pending().deadline() <= at) {
            long deadline = settled.pending().deadline();
            Transition transition = machine.fire(conversationId, settled, at);
            observer.fired(conversationId, settled, deadline, transition);
            settled = transition.state();
        }
        if (settled.isNew() || settled.touchedAt() + policy.retentionMs() > at) {
            return settled;
        }
        return forget(conversationId, settled);
    }

    /** Deletes a conversation. A handover that is still open ends, so that no bot stays silent for ever. */
    private ConversationState forget(String conversationId, ConversationState state) {
        ConversationState last = state;
        if (state.hasOpenHandover()) {
            Transition expired = machine.expire(conversationId, state);
            observer.fired(conversationId, state, state.touchedAt() + policy.retentionMs(), expired);
            last = expired.state();
        }
        observer.forgotten(conversationId, last);
        return ConversationState.NEW;
    }

    /**
     * Writes the state, and arms its timers where they have changed: one for the pending end, and one for the retention
     * of a handover that is open. An event does not move the retention timer, because that costs more than to arm it again
     * when it has fired early.
     *
     * @param fired the deadline of the timer that has fired and is not armed any more, or
     *     {@link StoredConversation#NO_TIMER}
     */
    private void save(String conversationId, StoredConversation before, ConversationState next, long fired) {
        long retention = StoredConversation.NO_TIMER;
        if (next.isOpen() && !next.isNew()) {
            boolean isArmed = before.retentionAt() != StoredConversation.NO_TIMER && before.retentionAt() != fired;
            retention = isArmed ? before.retentionAt() : next.touchedAt() + policy.retentionMs();
        }
        StoredConversation after = new StoredConversation(retention, next.withoutSpentEvidence());
        disarm(conversationId, before.retentionAt(), fired, after);
        disarm(conversationId, before.holdAt(), fired, after);
        arm(conversationId, after.retentionAt(), fired, before);
        arm(conversationId, after.holdAt(), fired, before);
        if (next.isNew()) {
            store.delete(conversationId);
        } else {
            store.put(conversationId, after);
        }
    }

    /** Both timers of a conversation can have the same deadline, and are then one. */
    private static boolean isTimer(StoredConversation conversation, long deadline) {
        return deadline == conversation.retentionAt() || deadline == conversation.holdAt();
    }

    private void arm(String conversationId, long due, long fired, StoredConversation before) {
        if (due != StoredConversation.NO_TIMER && (due == fired || !isTimer(before, due))) {
            store.arm(Timer.ofConversation(due, conversationId));
        }
    }

    private void disarm(String conversationId, long armed, long fired, StoredConversation after) {
        if (armed != StoredConversation.NO_TIMER && armed != fired && !isTimer(after, armed)) {
            store.disarm(Timer.ofConversation(armed, conversationId));
        }
    }
}
