package io.handover.conversation.fold;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.ConversationStateMachine;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;

/**
 * Folds a log into the decisions about its conversations: in the order of the log, first every deadline at or before the
 * time of the log fires, then the record counts. One get and one put serve an event.
 *
 * <p>It is the same live and in virtual time, and reads no clock: what a back-test finds is what the application does.
 */
public final class ConversationFold {

    /**
     * How many deadlines one record may fire in the application: about 50 ms at 11 µs each, far below every time-out of
     * the consumer. The rest fires with the next records, and a conversation's own before its next event, so no decision
     * depends on it.
     */
    public static final int MAX_FIRED = 4_000;

    private final ConversationStateMachine machine;
    private final TransferPolicy policy;
    private final ConversationStore store;
    private final int maxFired;
    private final Observer observer;

    /** Is told of each decision, in the order in which they are made. */
    public interface Observer {

        /** An event was applied, or refused; the outcome says which. */
        void applied(String conversationId, ConversationState before, ConversationEvent event, Transition transition);

        /**
         * A deadline fired.
         *
         * @param deadline when it was due
         */
        void fired(String conversationId, ConversationState before, long deadline, Transition transition);

        /**
         * A timer was taken out of the index.
         *
         * @param lateMs how long after its deadline, in the time of the log
         */
        default void overdue(long lateMs) {}

        /** A conversation's retention is over, and with it everything that is known of it. */
        default void forgotten(String conversationId, ConversationState last) {}
    }

    public ConversationFold(TransferPolicy policy, ConversationStore store, int maxFired, Observer observer) {
        this.policy = policy;
        this.machine = new ConversationStateMachine(policy);
        this.store = store;
        this.maxFired = maxFired;
        this.observer = observer;
    }

    /** A fold that remembers its conversations on the heap, and nothing after it. */
    public static ConversationFold onHeap(TransferPolicy policy, Observer observer) {
        return new ConversationFold(policy, new HeapConversationStore(), Integer.MAX_VALUE, observer);
    }

    /**
     * Fires the deadlines that are due.
     *
     * @param at the time of the log; never goes back
     */
    public void advanceTo(long at) {
        if (!store.mayBeDue(at)) {
            return;
        }
        for (Timer timer : store.takeDue(at, maxFired)) {
            StoredConversation stored = store.load(timer.conversationId(), at);
            if (stored.timerAt() != timer.deadline()) {
                continue;
            }
            observer.overdue(at - timer.deadline());
            ConversationState next = settle(timer.conversationId(), stored.state(), at);
            save(timer.conversationId(), new StoredConversation(StoredConversation.NO_TIMER, stored.state()), next);
        }
    }

    /**
     * Applies an event.
     *
     * @param at the time of the log, to which it was advanced
     * @param recordTime the record's own time
     */
    @SuppressWarnings("ReferenceEquality") // the core returns the same instance where nothing is to be written
    public void apply(String conversationId, ConversationEvent event, long at, long recordTime) {
        StoredConversation stored = store.load(conversationId, recordTime);
        ConversationState state = settle(conversationId, stored.state(), at);
        Transition transition = machine.apply(conversationId, state, event, at);
        observer.applied(conversationId, state, event, transition);
        // A time-out of 0 is due at once.
        ConversationState next = settle(conversationId, transition.state(), at);
        if (next != stored.state()) {
            save(conversationId, stored, next);
        }
    }

    /** Fires the conversation's own deadlines that are due, and forgets it if its retention is over. */
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
        observer.forgotten(conversationId, settled);
        return ConversationState.NEW;
    }

    /**
     * Writes the state, and keeps the index in step with it. The retention's entry is not moved with every event, which
     * would cost two writes each: it fires early and is armed again.
     */
    private void save(String conversationId, StoredConversation before, ConversationState next) {
        long armed = before.timerAt();
        long due;
        if (next.isNew()) {
            due = StoredConversation.NO_TIMER;
        } else if (next.pending() != null) {
            due = next.pending().deadline();
        } else if (armed != StoredConversation.NO_TIMER && before.state().pending() == null) {
            due = armed;
        } else {
            due = next.touchedAt() + policy.retentionMs();
        }
        if (due != armed && armed != StoredConversation.NO_TIMER) {
            store.disarm(armed, conversationId);
        }
        if (next.isNew()) {
            store.delete(conversationId);
            return;
        }
        if (due != armed) {
            store.arm(due, conversationId);
        }
        store.put(conversationId, new StoredConversation(due, next));
    }
}
