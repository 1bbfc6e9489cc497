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
 * <p>The decision table. {@link Outcome} names its rows; a held end is a {@link PendingEnd}; "session" is an
 * {@link AgentSession}.
 *
 * <pre>
 *  1 customer.end           handover open, no transfer         handover-ended (customer-end), at once, in every phase
 *  2 customer.end           a transfer                         ignored
 *  3 user.start             no user.end of it arrived          session active, hold cancelled; agent-updated if another
 *                                                              agent than the one announced is now the newest
 *  4 user.start             its user.end arrived first         ignored
 *  5 user.end               *TRANSFER (but no-answer), TAKEOVER session transferred; never an end
 *  6 user.end               declined or not answered           session declined; never an end
 *  7 user.end               left; served, queued or moved on   session left; not an end
 *  8 user.end               left last, acw arrived             handover-ended (after-call-work) after the grace, and
 *                                                              not within the transfer timeout of a transfer
 *  9 user.end               left last, no acw arrived          handover-ended (agent-left) after the acw timeout
 * 10 acw                    session transferred or declined    ignored, however late
 * 11 acw                    session left, and was the last     as 8
 * 12 acw                    served, queued or moved on         acw kept; not an end
 * 13 acw                    no user.end arrived                held for the transfer timeout (transfer-timeout)
 * 14 acw without a session  transfer within the timeout        ignored; it is the acw of that transfer
 * 15 acw without a session  otherwise                          as 13
 * 16 acd.start              no acd.end arrived, newest         waiting in a queue, hold cancelled
 * 17 acd.end                ANSWERED                           no longer waiting; agent-updated if announced on answer
 * 18 acd.end                ABANDON, and the newest            held for the transfer timeout (queue-abandoned)
 * 19 acd.end, flow.*, others                                   noted
 * 20 any start              after the end; user.start also     next handover opens, and the event is applied to it
 *                           before it, if agents' events alone
 *                           decided that end and no archive
 *                           replay sent the start;
 *                           customer.start also while that end
 *                           was held
 * 21 an end                 after the end, of what began after next handover opens, and the event is applied to it
 *                           it: by its durations; customer.end
 *                           also by its session; without a
 *                           session by its time
 * 22 any other event        after the end                      ignored
 * 23 any event              fingerprint known                  ignored
 * 24 any event              older than the retention           ignored
 * 25 deadline               its end is no longer held          no-op; otherwise the held end is announced
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
     * @param at the stream time; never goes back for a conversation
     */
    public Transition apply(String conversationId, ConversationState state, ConversationEvent event, long at) {
        Fingerprint fingerprint = event.details().fingerprint();
        if (fingerprint != null && state.fingerprints().contains(fingerprint)) {
            return new Transition(state, List.of(), Outcome.DUPLICATE);
        }
        // "At or before", because a state is deleted at touchedAt + retention: so an event either finds its fingerprint
        // or is too old, also in the millisecond of the deletion.
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
     * @param at the stream time, with which the deadline of the state is checked again
     */
    public Transition fire(String conversationId, ConversationState state, long at) {
        PendingEnd pending = state.pending();
        if (pending == null || pending.deadline() > at) {
            return new Transition(state, List.of(), Outcome.DEADLINE_STALE);
        }
        if (pending.reason() == EndReason.IDLE) {
            if (policy.maxIdleMs() == 0) {
                // Armed before an operator disabled it.
                return new Transition(state.withPending(null), List.of(), Outcome.DEADLINE_STALE);
            }
            long due = state.touchedAt() + policy.maxIdleMs();
            if (due > pending.deadline()) {
                // An event does not move it, because that would cost two writes per event; it is armed again here.
                return new Transition(state.withPending(pending.notBefore(due)), List.of(), Outcome.DEADLINE_STALE);
            }
        }
        List<Evidence> evidence = pending.evidence();
        // The handover ends at the deciding event, not at the deadline: so what began in between opens the next one.
        long decidedBy = evidence.isEmpty()
                ? state.touchedAt()
                : evidence.get(evidence.size() - 1).eventTime().toEpochMilli();
        return new OpenHandover(policy, conversationId, state, pending.deadline())
                .endByAgents(pending.reason(), evidence, decidedBy);
    }

    /** Rows 20 to 22. */
    private Transition afterEnd(String conversationId, ConversationState state, ConversationEvent event, long at) {
        End end = Objects.requireNonNull(state.lastEnd(), "Expected the end to be known, but it is not");
        Reopening reopening = reopening(state, event, end, at);
        if (reopening == null) {
            // Merged nevertheless: a start whose end has arrived must not reopen the conversation later.
            return new Transition(mergeAfterEnd(state, event, at), List.of(), Outcome.AFTER_END);
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

    private ConversationState mergeAfterEnd(ConversationState state, ConversationEvent event, long at) {
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
            return (event.time() > end.time() || refutes) && !isAlreadyOver(state, event.time(), at)
                    ? new Reopening(event.time(), Outcome.REOPENED_BY_START)
                    : null;
        }
        if (event instanceof CustomerStarted || event instanceof QueueEntered || event instanceof FlowStarted) {
            return event.time() > end.time() && !isAlreadyOver(state, event.time(), at)
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
     * Whether an early customer end followed that start and arrived longer ago than the grace. Then the start is late
     * and its handover is announced as ended; reopening it would announce a second end. Within the grace, the two are
     * only out of order, and the next handover begins and ends with this start.
     */
    private boolean isAlreadyOver(ConversationState state, long start, long at) {
        Evidence customerEnd = state.customer().earlyEnd();
        return policy.customerEndEnds()
                && customerEnd != null
                && timeOf(customerEnd) >= start
                && at > state.customer().earlyEndAt() + policy.outOfOrderGraceMs();
    }

    /**
     * Whether an event of the old data action belongs to the next handover. It has no start and no session, so only
     * time decides: it does at once if every event of the last handover has arrived and it cannot be a duplicate,
     * otherwise when none can arrive any more.
     */
    private boolean sessionlessBeganAfter(ConversationState state, ConversationEvent event, End end) {
        if (event instanceof AfterCallWorkCompleted && Facts.sessionlessAwaitingAcw(state) != null) {
            return false;
        }
        boolean complete = !end.byCustomer()
                && Facts.isSessionlessComplete(state)
                && event.details().fingerprint() != null;
        long stillExpected = complete ? 0 : policy.afterCallWorkTimeoutMs() + policy.transferTimeoutMs();
        return event.time() > end.time() + stillExpected;
    }

    /** Whether another session of the customer ended. Without starts, only that shows the next handover. */
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
