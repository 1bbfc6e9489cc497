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
 * Applies an event or a deadline to the state of a conversation, and decides which commands are sent.
 *
 * <p>The decision table has the columns row, event, condition and result. {@link Outcome} names its rows. A held end is
 * a {@link PendingEnd}, and a session is an {@link AgentSession}. The grace is the out-of-order grace; the acw timeout
 * is the after-call-work timeout. The conversation has moved on if the newest fact is a transfer or an answer.
 *
 * <pre>
 *  1 customer.end           handover open, no transfer         handover-ended (customer-end), at once, in every phase
 *  2 customer.end           a transfer                         ignored
 *  3 user.start             its user.end has not arrived       session active, hold cancelled; agent-updated if another
 *                                                              agent than the one announced is now the newest
 *  4 user.start             its user.end arrived first         ignored
 *  5 user.end               *TRANSFER or TAKEOVER, not row 6   session transferred; never an end
 *  6 user.end               declined or not answered           session declined; never an end
 *  7 user.end               left; served, queued or moved on   session left; not an end
 *  8 user.end               left last, acw arrived             handover-ended (after-call-work) after the grace, and
 *                                                              not within the transfer timeout of a transfer
 *  9 user.end               left last, no acw arrived          handover-ended (agent-left) after the acw timeout
 * 10 acw                    session transferred or declined    ignored, however late
 * 11 acw                    session left, and was the last     as 8
 * 12 acw                    served, queued or moved on         acw kept; not an end
 * 13 acw                    no user.end arrived                held for the transfer timeout (transfer-timeout)
 * 14 acw without a session  transfer within transfer timeout   ignored; it is the acw of that transfer
 * 15 acw without a session  otherwise                          as 13
 * 16 acd.start              no later acd.end or user.start     waiting in a queue, hold cancelled
 *                           of an agent who did not decline
 * 17 acd.end                ANSWERED                           no longer waiting; agent-updated if agents are announced
 *                                                              on answer
 * 18 acd.end                ABANDON, and the newest            held for the transfer timeout (queue-abandoned)
 * 19 acd.end, flow.*, others                                   noted
 * 20 any start              after the end; user.start also     next handover opens, and the event is applied to it
 *                           before it, if agents' events alone
 *                           decided that end and no archive
 *                           replay sent the start;
 *                           customer.start also while that end
 *                           was held
 * 21 an end                 after the end; its session began   next handover opens, and the event is applied to it
 *                           after that end, by its durations;
 *                           customer.end without durations: by
 *                           its session id; old data action:
 *                           by its event time
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
     * @param at the stream time; not lower than in earlier calls for this conversation
     */
    public Transition apply(String conversationId, ConversationState state, ConversationEvent event, long at) {
        Fingerprint fingerprint = event.details().fingerprint();
        if (fingerprint != null && state.fingerprints().contains(fingerprint)) {
            return new Transition(state, List.of(), Outcome.DUPLICATE);
        }
        // With "<", a duplicate would be applied again in the millisecond in which the state is deleted. The state is
        // deleted at touchedAt + retention, together with the fingerprints.
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
     * @param at the stream time. If the deadline is later, nothing changes
     */
    public Transition fire(String conversationId, ConversationState state, long at) {
        PendingEnd pending = state.pending();
        if (pending == null || pending.deadline() > at) {
            return new Transition(state, List.of(), Outcome.DEADLINE_STALE);
        }
        if (pending.reason() == EndReason.IDLE) {
            if (policy.maxIdleMs() == 0) {
                // An operator has disabled idle ends since this deadline was set.
                return new Transition(state.withPending(null), List.of(), Outcome.DEADLINE_STALE);
            }
            long due = state.touchedAt() + policy.maxIdleMs();
            if (due > pending.deadline()) {
                // An event arrived after this deadline was set. Events do not move an idle deadline, because each move
                // costs two writes. It is moved here.
                return new Transition(state.withPending(pending.notBefore(due)), List.of(), Outcome.DEADLINE_STALE);
            }
        }
        List<Evidence> evidence = pending.evidence();
        // The handover ends at the time of the deciding event, not at the deadline. A session that begins between these
        // two times belongs to the next handover.
        long decidedBy = evidence.isEmpty()
                ? state.touchedAt()
                : evidence.get(evidence.size() - 1).eventTime().toEpochMilli();
        return new OpenHandover(policy, conversationId, state, pending.deadline())
                .endByAgents(pending.reason(), evidence, decidedBy);
    }

    /** Applies rows 20 to 22 of the decision table. */
    private Transition afterEnd(String conversationId, ConversationState state, ConversationEvent event, long at) {
        End end = Objects.requireNonNull(state.lastEnd(), "Expected the end to be known, but it is not");
        Reopening reopening = reopening(state, event, end, at);
        if (reopening == null) {
            // The event is merged nevertheless. If it ends a session, a late start of this session must not reopen the
            // conversation.
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
     * Whether an early customer end followed this start, and arrived longer ago than the out-of-order grace.
     *
     * <p>If so, the start is late, and the end of its handover is already announced; to reopen it would announce a
     * second end. Within the grace, the start and the customer end are only out of order: the start opens the next
     * handover, and the customer end ends it at once.
     */
    private boolean isAlreadyOver(ConversationState state, long start, long at) {
        Evidence customerEnd = state.customer().earlyEnd();
        return policy.customerEndEnds()
                && customerEnd != null
                && timeOf(customerEnd) >= start
                && at > state.customer().earlyEndAt() + policy.outOfOrderGraceMs();
    }

    /**
     * Whether an event of the old data action belongs to the next handover. The old data action reports no starts and
     * no sessions, so the event time decides.
     *
     * <p>If agents' events ended the last handover, all of them have arrived, and the event has a fingerprint, then
     * every event after the end belongs to the next handover. Otherwise, events of the last handover may still arrive:
     * only an event later than the after-call-work timeout plus the transfer timeout belongs to the next handover.
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

    /**
     * Whether another session of the customer ended, after the last end. If all starts of the next handover are
     * missing, only such an event shows that it took place.
     */
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
