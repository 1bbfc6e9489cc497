package io.handover.streams.conversation;

import io.handover.schema.Evidence;
import io.handover.streams.conversation.ConversationEvent.AfterCallWorkCompleted;
import io.handover.streams.conversation.ConversationEvent.AgentEnded;
import io.handover.streams.conversation.ConversationEvent.AgentStarted;
import io.handover.streams.conversation.ConversationEvent.CustomerEnded;
import io.handover.streams.conversation.ConversationEvent.CustomerStarted;
import io.handover.streams.conversation.ConversationEvent.FlowStarted;
import io.handover.streams.conversation.ConversationEvent.QueueEntered;
import io.handover.streams.conversation.ConversationState.End;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an event or a deadline means for a conversation.
 *
 * <p>The decision table; {@link Outcome} names its rows. "Held" is a {@link Pending} end.
 *
 * <pre>
 *  1 customer.end           cycle open, no transfer            handover-ended (customer-end), at once, from every phase
 *  2 customer.end           a transfer                         ignored
 *  3 user.start             leg not seen to end                leg active, hold cancelled; agent-updated if the agent
 *                                                              is not the one announced and no newer start was
 *  4 user.start             its user.end came first            ignored
 *  5 user.end               *TRANSFER (but no-answer), TAKEOVER leg transferred; never an end
 *  6 user.end               declined or not answered           leg declined; never an end
 *  7 user.end               left; served, queued or moved on   leg left
 *  8 user.end               left last, acw seen                handover-ended (after-call-work) after the grace, and
 *                                                              not within the transfer timeout of a transfer
 *  9 user.end               left last, acw not seen            handover-ended (agent-left) after the acw timeout
 * 10 acw                    leg transferred or declined        ignored, however late
 * 11 acw                    leg left, and was the last         as 8
 * 12 acw                    served, queued or moved on         leg wrapped up; never an end
 * 13 acw                    user.end not seen                  held for the transfer timeout (transfer-timeout)
 * 14 acw without a leg      transfer within the timeout        ignored; that transfer is wrapped up
 * 15 acw without a leg      else                               as 13
 * 16 acd.start              not seen to end, newest            waiting in a queue, hold cancelled
 * 17 acd.end                ANSWERED                           no longer waiting; agent-updated if announced on answer
 * 18 acd.end                ABANDON, and the newest            held for the transfer timeout (queue-abandoned)
 * 19 acd.end, flow.*, others                                   noted
 * 20 any start              after the end                      a new cycle opens, and the event is applied to it
 * 21 an end                 after the end, began after it      a new cycle opens, and the event is applied to it
 * 22 everything else        after the end                      ignored
 * 23 anything               fingerprint known                  ignored
 * 24 anything               older than the retention           ignored
 * 25 deadline               the state no longer holds it       no-op
 * </pre>
 */
public final class ConversationStateMachine {

    private final TransferPolicy policy;

    public ConversationStateMachine(TransferPolicy policy) {
        this.policy = policy;
    }

    /**
     * Applies an event.
     *
     * @param conversationId what the commands and their ids are about
     * @param at when the log learnt of the event; never goes back for a conversation
     */
    public Transition apply(String conversationId, ConversationState state, ConversationEvent event, long at) {
        Fingerprint fingerprint = event.details().fingerprint();
        if (fingerprint != null && state.fingerprints().contains(fingerprint)) {
            return new Transition(state, List.of(), Outcome.DUPLICATE);
        }
        // "At or before", because a state goes at touchedAt + retention: so an event either finds its fingerprint or
        // is too old, also in the very millisecond in which its state goes.
        if (event.time() <= at - policy.retentionMs()) {
            return new Transition(state, List.of(), Outcome.TOO_OLD);
        }
        ConversationState touched = state.touched(event, at);
        return touched.open()
                ? new OpenCycle(policy, conversationId, touched, at).apply(event)
                : afterEnd(conversationId, touched, event, at);
    }

    /**
     * Fires the deadline of a conversation.
     *
     * @param at the time of the log; the state's deadline is checked against it again
     */
    public Transition fire(String conversationId, ConversationState state, long at) {
        Pending pending = state.pending();
        if (pending == null || pending.deadline() > at) {
            return new Transition(state, List.of(), Outcome.DEADLINE_STALE);
        }
        if (pending.reason() == EndReason.IDLE) {
            long due = state.touchedAt() + policy.maxIdleMs();
            if (due > pending.deadline()) {
                // It is armed once and not moved by every event, which would cost two writes each.
                return new Transition(state.withPending(pending.notBefore(due)), List.of(), Outcome.DEADLINE_STALE);
            }
        }
        List<Evidence> evidence = pending.evidence();
        // The deciding fact and not the deadline ends the cycle: so a straggler that began since opens a new one.
        long decidedBy = evidence.isEmpty()
                ? state.touchedAt()
                : evidence.get(evidence.size() - 1).eventTime().toEpochMilli();
        return new OpenCycle(policy, conversationId, state, pending.deadline())
                .end(pending.reason(), evidence, new End(decidedBy, false, null), Outcome.DEADLINE_ENDED);
    }

    /** Rows 20 to 22. */
    private Transition afterEnd(String conversationId, ConversationState state, ConversationEvent event, long at) {
        End end = state.lastEnd();
        if (end == null) {
            throw new IllegalStateException("Expected an ended conversation to know its end, but it does not");
        }
        Reopening reopening = reopening(state, event, end);
        if (reopening == null) {
            // Remembered all the same: the start of a leg that is seen to have ended must not reopen anything.
            return new Transition(Facts.merge(state, event, at, policy), List.of(), Outcome.AFTER_END);
        }
        Transition applied = new OpenCycle(policy, conversationId, state.reopened(reopening.began), at).apply(event);
        return new Transition(applied.state(), applied.commands(), reopening.outcome);
    }

    private record Reopening(long began, Outcome outcome) {}

    private @Nullable Reopening reopening(ConversationState state, ConversationEvent event, End end) {
        if (event instanceof AgentStarted started) {
            Leg known = started.legId() == null ? null : state.leg(started.legId());
            boolean refutes = !end.byCustomer() && (known == null || known.departedAt() < event.time());
            return event.time() > end.time() || refutes ? new Reopening(event.time(), Outcome.REOPENED_BY_START) : null;
        }
        if (event instanceof CustomerStarted || event instanceof QueueEntered || event instanceof FlowStarted) {
            return event.time() > end.time() ? new Reopening(event.time(), Outcome.REOPENED_BY_START) : null;
        }
        if (event instanceof AgentEnded ended && ended.legId() != null) {
            return state.leg(ended.legId()) == null && ended.tellsBegin() && ended.began() > end.time()
                    ? new Reopening(ended.began(), Outcome.REOPENED_BY_END)
                    : null;
        }
        if (event instanceof AgentEnded
                || (event instanceof AfterCallWorkCompleted completed && completed.legId() == null)) {
            return leglessBeganAfter(event, end) ? new Reopening(event.time(), Outcome.REOPENED_BY_END) : null;
        }
        if (event instanceof CustomerEnded ended && isOtherCustomerSession(ended, end)) {
            return new Reopening(ended.time() - ended.interactingMs(), Outcome.REOPENED_BY_END);
        }
        return null;
    }

    /**
     * The old data action tells of no start and no session, so its next handover shows only in that its events come
     * when nothing of the last one can come any more.
     */
    private boolean leglessBeganAfter(ConversationEvent event, End end) {
        return event.time() > end.time() + policy.afterCallWorkTimeoutMs() + policy.transferTimeoutMs();
    }

    /** Who subscribes to {@code customer.end} alone sees a reopened conversation by the new session that ended. */
    private static boolean isOtherCustomerSession(CustomerEnded ended, End end) {
        String session = ended.details().sessionId();
        return end.byCustomer()
                && session != null
                && end.customerSession() != null
                && !session.equals(end.customerSession())
                && ended.time() - ended.interactingMs() > end.time();
    }
}
