package io.handover.conversation;

import io.handover.conversation.ConversationEvent.AfterCallWorkCompleted;
import io.handover.conversation.ConversationEvent.AgentEnded;
import io.handover.conversation.ConversationEvent.AgentStarted;
import io.handover.conversation.ConversationEvent.CustomerEnded;
import io.handover.conversation.ConversationEvent.CustomerStarted;
import io.handover.conversation.ConversationEvent.FlowStarted;
import io.handover.conversation.ConversationEvent.QueueEntered;
import io.handover.conversation.ConversationState.End;
import io.handover.schema.Evidence;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an event or a deadline means for a conversation.
 *
 * <p>The decision table; {@link Outcome} names its rows. "Held" is a {@link PendingEnd} end.
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
 * 20 any start              after the end; user.start of any   a new cycle opens, and the event is applied to it
 *                           time, if agents alone had ended
 *                           it and no archive replay tells it;
 *                           customer.start also if it came
 *                           while that end was held
 * 21 an end                 after the end, began after it: by  a new cycle opens, and the event is applied to it
 *                           its durations; customer.end also by
 *                           its session; without a leg by time
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
                ? new OpenHandover(policy, conversationId, touched, at).apply(event)
                : afterEnd(conversationId, touched, event, at);
    }

    /**
     * Fires the deadline of a conversation.
     *
     * @param at the time of the log; the state's deadline is checked against it again
     */
    public Transition fire(String conversationId, ConversationState state, long at) {
        PendingEnd pending = state.pending();
        if (pending == null || pending.deadline() > at) {
            return new Transition(state, List.of(), Outcome.DEADLINE_STALE);
        }
        if (pending.reason() == EndReason.IDLE) {
            if (policy.maxIdleMs() == 0) {
                // Armed before an operator switched it off.
                return new Transition(state.withPending(null), List.of(), Outcome.DEADLINE_STALE);
            }
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
        return new OpenHandover(policy, conversationId, state, pending.deadline())
                .endedByAgents(pending.reason(), evidence, decidedBy);
    }

    /** Rows 20 to 22. */
    private Transition afterEnd(String conversationId, ConversationState state, ConversationEvent event, long at) {
        End end = Objects.requireNonNull(state.lastEnd(), "Expected the end to be known, but it is not");
        Reopening reopening = reopening(state, event, end, at);
        if (reopening == null) {
            // Remembered all the same: the start of a leg that is seen to have ended must not reopen anything.
            return new Transition(remembered(state, event, at), List.of(), Outcome.AFTER_END);
        }
        Transition applied = new OpenHandover(policy, conversationId, state.reopened(reopening.began), at).apply(event);
        Evidence customerEnd = state.customer().earlyEnd();
        if (applied.state().open()
                && policy.customerEndEnds()
                && customerEnd != null
                && timeOf(customerEnd) >= reopening.began) {
            applied = applied.followedBy(new OpenHandover(policy, conversationId, applied.state(), at)
                    .end(
                            EndReason.CUSTOMER_END,
                            List.of(customerEnd),
                            new End(timeOf(customerEnd), true),
                            reopening.outcome));
        }
        return new Transition(applied.state(), applied.commands(), reopening.outcome);
    }

    private ConversationState remembered(ConversationState state, ConversationEvent event, long at) {
        if (event instanceof CustomerEnded ended && !ended.isTransfer()) {
            ConversationEvent.Details details = ended.details();
            return state.with(
                    state.customer().inSession(details.sessionId()).withEarlyEnd(details.evidence(), at, policy));
        }
        return Facts.merge(state, event, at, policy);
    }

    private static long timeOf(Evidence evidence) {
        return evidence.eventTime().toEpochMilli();
    }

    private record Reopening(long began, Outcome outcome) {}

    private @Nullable Reopening reopening(ConversationState state, ConversationEvent event, End end, long at) {
        if (event instanceof AgentStarted started) {
            AgentSession known = state.agentSession(started.agentSessionId());
            boolean refutes =
                    !end.byCustomer() && !started.replayed() && (known == null || known.departedAt() < event.time());
            return (event.time() > end.time() || refutes) && !isOverAnyway(state, event.time(), at)
                    ? new Reopening(event.time(), Outcome.REOPENED_BY_START)
                    : null;
        }
        if (event instanceof CustomerStarted || event instanceof QueueEntered || event instanceof FlowStarted) {
            return event.time() > end.time() && !isOverAnyway(state, event.time(), at)
                    ? new Reopening(event.time(), Outcome.REOPENED_BY_START)
                    : null;
        }
        if (event instanceof AgentEnded ended && ended.agentSessionId() != null) {
            AgentSession known = state.agentSession(ended.agentSessionId());
            boolean isNew = known == null
                    || known.departure() == null
                    || known.departure().time() < ended.began();
            return isNew && ended.hasDurations() && ended.began() > end.time()
                    ? new Reopening(ended.began(), Outcome.REOPENED_BY_END)
                    : null;
        }
        if (event instanceof AgentEnded
                || (event instanceof AfterCallWorkCompleted completed && completed.agentSessionId() == null)) {
            return sessionlessBeganAfter(state, event, end)
                    ? new Reopening(event.time(), Outcome.REOPENED_BY_END)
                    : null;
        }
        return event instanceof CustomerEnded ended && isOtherSession(state, ended, end)
                ? new Reopening(ended.time() - ended.interactingMs(), Outcome.REOPENED_BY_END)
                : null;
    }

    /**
     * Whether the customer's end is known to have followed that start, and not only just: then the start is a straggler
     * of a handover that was told to be over, and telling it again would be an end too many. Within the grace, the two
     * have only changed places, and the new handover begins and ends with this start.
     */
    private boolean isOverAnyway(ConversationState state, long start, long at) {
        Evidence customerEnd = state.customer().earlyEnd();
        return policy.customerEndEnds()
                && customerEnd != null
                && timeOf(customerEnd) >= start
                && at > state.customer().earlyEndAt() + policy.outOfOrderGraceMs();
    }

    /**
     * The old data action tells of no start and no session, so its next handover shows only in that its events come
     * after everything of the last one: at once if all of that has come and this is no duplicate, else when nothing can
     * come any more.
     */
    private boolean sessionlessBeganAfter(ConversationState state, ConversationEvent event, End end) {
        if (event instanceof AfterCallWorkCompleted && Facts.sessionlessAwaitingAcw(state) != null) {
            return false;
        }
        boolean complete = !end.byCustomer()
                && Facts.isSessionlessComplete(state)
                && event.details().fingerprint() != null;
        long straggling = complete ? 0 : policy.afterCallWorkTimeoutMs() + policy.transferTimeoutMs();
        return event.time() > end.time() + straggling;
    }

    /** Who does not subscribe to starts sees a reopened conversation by the customer's next session that ended. */
    private static boolean isOtherSession(ConversationState state, CustomerEnded ended, End end) {
        String session = ended.details().sessionId();
        String known = state.customer().sessionId();
        if (ended.isTransfer() || (session != null && session.equals(known))) {
            return false;
        }
        return ended.interactingMs() > 0
                ? ended.time() - ended.interactingMs() > end.time()
                : session != null && known != null && ended.time() > end.time();
    }
}
