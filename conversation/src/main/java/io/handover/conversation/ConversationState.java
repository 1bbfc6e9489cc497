package io.handover.conversation;

import io.handover.schema.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is remembered of one conversation. Immutable.
 *
 * @param cycle which handover of the conversation: 1, 2, 3…
 * @param open whether that handover has not ended
 * @param lastEnd the newest end: this cycle's, or if it is open the previous one's; null before the first
 * @param handoverBegan when the earliest start known of this cycle happened; {@link AgentSession#UNKNOWN} in the first, to which
 *     everything belongs
 * @param agentSessions the agents' sessions, oldest first, those of earlier cycles too: a late event must find its leg
 * @param queueSessions the stays in queues, likewise
 * @param announced the agent last announced in this cycle, or null
 * @param pending the end that is held, or null
 * @param fingerprints the events already applied
 * @param customer what is known of the customer
 * @param touchedAt the newest time of any event, its own or its arrival: retention counts from here
 */
public record ConversationState(
        int cycle,
        boolean open,
        @Nullable End lastEnd,
        long handoverBegan,
        List<AgentSession> agentSessions,
        List<QueueSession> queueSessions,
        @Nullable String announced,
        @Nullable PendingEnd pending,
        Fingerprints fingerprints,
        Customer customer,
        long touchedAt) {

    /** Far more than people take part in; a flood of made-up sessions must not grow the state. */
    static final int MAX_SESSIONS = 64;

    /** A conversation of which nothing is known: its first handover is open, because the bot only hands over. */
    public static final ConversationState NEW = new ConversationState(
            1,
            true,
            null,
            AgentSession.UNKNOWN,
            List.of(),
            List.of(),
            null,
            null,
            Fingerprints.NONE,
            Customer.UNKNOWN,
            AgentSession.UNKNOWN);

    /**
     * The end of a handover.
     *
     * @param time when the deciding fact happened
     * @param byCustomer whether {@code customer.end} decided it, and not agents' events alone
     */
    public record End(long time, boolean byCustomer) {}

    /**
     * The customer's side.
     *
     * @param id the Open Messaging id as first told, or null
     * @param organizationId the bot platform's organisation as first told, or null
     * @param sessionId the session last told of, or null
     * @param startedAt when the newest session began; {@link AgentSession#UNKNOWN} if no start was seen
     * @param earlyEnd the newest {@code customer.end} that came after an end and may be of the next handover, whose
     *     start is late; null if there is none
     * @param earlyEndAt when the log learnt of that
     */
    public record Customer(
            @Nullable String id,
            @Nullable String organizationId,
            @Nullable String sessionId,
            long startedAt,
            @Nullable Evidence earlyEnd,
            long earlyEndAt) {

        static final Customer UNKNOWN =
                new Customer(null, null, null, AgentSession.UNKNOWN, null, AgentSession.UNKNOWN);

        Customer told(ConversationEvent.Details details) {
            return new Customer(
                    id == null ? details.customerId() : id,
                    organizationId == null ? details.organizationId() : organizationId,
                    sessionId,
                    startedAt,
                    earlyEnd,
                    earlyEndAt);
        }

        Customer started(@Nullable String session, long time) {
            return new Customer(
                    id,
                    organizationId,
                    session == null ? sessionId : session,
                    Math.max(startedAt, time),
                    earlyEnd,
                    earlyEndAt);
        }

        Customer inSession(@Nullable String session) {
            return started(session, startedAt);
        }

        /** A clock that is ahead would have the end follow every start to come. */
        Customer withEarlyEnd(Evidence end, long at, TransferPolicy policy) {
            boolean ahead = end.eventTime().toEpochMilli() > at + policy.outOfOrderGraceMs();
            boolean older = earlyEnd != null && !end.eventTime().isAfter(earlyEnd.eventTime());
            return ahead || older ? this : new Customer(id, organizationId, sessionId, startedAt, end, at);
        }
    }

    /**
     * Validates what everything else relies on, so that bytes which are no state are not taken for one.
     *
     * @throws IllegalArgumentException if the cycle is none, or has ended without an end
     */
    public ConversationState {
        if (cycle < 1) {
            throw new IllegalArgumentException("Expected cycle to be 1 or more, but it is " + cycle);
        }
        if (!open && lastEnd == null) {
            throw new IllegalArgumentException("Expected an ended conversation to know its end, but it does not");
        }
        agentSessions = List.copyOf(agentSessions);
        queueSessions = List.copyOf(queueSessions);
    }

    /** Whether nothing is known of the conversation, so that nothing need be kept. */
    public boolean isNew() {
        return touchedAt == AgentSession.UNKNOWN;
    }

    /** Where the conversation stands. */
    public Phase phase() {
        if (!open) {
            return Phase.ENDED;
        }
        if (isServed()) {
            return Phase.SERVED;
        }
        if (isWaiting()) {
            return Phase.QUEUED;
        }
        return pending == null || pending.reason() == EndReason.IDLE ? Phase.OPEN : Phase.HELD;
    }

    boolean isServed() {
        for (AgentSession session : agentSessions) {
            if (session.cycle() == cycle && session.isActive()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the conversation waits in a queue. An agent's start ends every wait before it, except one who declined:
     * the queue goes on offering.
     */
    boolean isWaiting() {
        long newestStart = AgentSession.UNKNOWN;
        for (AgentSession session : agentSessions) {
            if (!session.is(AgentSession.Reason.DECLINED)) {
                newestStart = Math.max(newestStart, session.startedAt());
            }
        }
        for (QueueSession session : queueSessions) {
            if (session.cycle() == cycle && session.isWaiting() && session.enteredAt() > newestStart) {
                return true;
            }
        }
        return false;
    }

    /** Whether a start at that time is of this cycle, and not a straggler of an earlier one. */
    boolean ownsStart(long time) {
        return lastEnd == null || time > lastEnd.time();
    }

    /** Whether a fact that does not tell its beginning is of this cycle: it is, from the cycle's first start on. */
    boolean ownsFact(long time) {
        return time >= handoverBegan;
    }

    /** Whether a stay in a queue is of this cycle; one whose start nobody saw is of the cycle in which it ended. */
    boolean owns(QueueSession session) {
        return session.cycle() == cycle || (session.enteredAt() == AgentSession.UNKNOWN && ownsFact(session.leftAt()));
    }

    @Nullable
    AgentSession agentSession(@Nullable String id) {
        return newestAgentSession(session -> session.id().equals(id));
    }

    @Nullable
    AgentSession newestAgentSession(Predicate<AgentSession> matching) {
        for (int i = agentSessions.size() - 1; i >= 0; i--) {
            if (matching.test(agentSessions.get(i))) {
                return agentSessions.get(i);
            }
        }
        return null;
    }

    @Nullable
    QueueSession queueSession(String id) {
        for (QueueSession session : queueSessions) {
            if (session.id().equals(id)) {
                return session;
            }
        }
        return null;
    }

    /** The event is applied: it is known again, and what it says of the customer is kept. */
    ConversationState touched(ConversationEvent event, long at) {
        Fingerprint fingerprint = event.details().fingerprint();
        return new ConversationState(
                cycle,
                open,
                lastEnd,
                handoverBegan,
                agentSessions,
                queueSessions,
                announced,
                pending,
                fingerprint == null ? fingerprints : fingerprints.with(fingerprint),
                customer.told(event.details()),
                Math.max(touchedAt, Math.max(at, event.time())));
    }

    ConversationState with(AgentSession session) {
        List<AgentSession> next = new ArrayList<>(agentSessions);
        for (int i = 0; i < next.size(); i++) {
            if (next.get(i).id().equals(session.id())) {
                next.set(i, session);
                return withSessions(next, queueSessions);
            }
        }
        if (next.size() == MAX_SESSIONS) {
            // One who declined least likely matters again; one who is there most likely.
            removeFirst(next, known -> known.is(AgentSession.Reason.DECLINED), known -> !known.isActive());
        }
        next.add(session);
        return withSessions(next, queueSessions);
    }

    ConversationState with(QueueSession session) {
        List<QueueSession> next = new ArrayList<>(queueSessions);
        for (int i = 0; i < next.size(); i++) {
            if (next.get(i).id().equals(session.id())) {
                next.set(i, session);
                return withSessions(agentSessions, next);
            }
        }
        if (next.size() == MAX_SESSIONS) {
            removeFirst(next, known -> known.cycle() < cycle, known -> !known.isWaiting());
        }
        next.add(session);
        return withSessions(agentSessions, next);
    }

    /** The oldest that the first condition holds for, else the second; else the oldest. */
    private static <T> void removeFirst(List<T> sessions, Predicate<T> rather, Predicate<T> orElse) {
        for (Predicate<T> condition : List.of(rather, orElse)) {
            for (int i = 0; i < sessions.size(); i++) {
                if (condition.test(sessions.get(i))) {
                    sessions.remove(i);
                    return;
                }
            }
        }
        sessions.remove(0);
    }

    ConversationState withSessions(List<AgentSession> nextAgentSessions, List<QueueSession> nextQueueSessions) {
        return new ConversationState(
                cycle,
                open,
                lastEnd,
                handoverBegan,
                nextAgentSessions,
                nextQueueSessions,
                announced,
                pending,
                fingerprints,
                customer,
                touchedAt);
    }

    ConversationState with(Customer next) {
        return new ConversationState(
                cycle,
                open,
                lastEnd,
                handoverBegan,
                agentSessions,
                queueSessions,
                announced,
                pending,
                fingerprints,
                next,
                touchedAt);
    }

    ConversationState withPending(@Nullable PendingEnd next) {
        return of(cycle, open, lastEnd, handoverBegan, announced, next);
    }

    ConversationState withAnnounced(String agentId) {
        return of(cycle, open, lastEnd, handoverBegan, agentId, pending);
    }

    /** A start that arrives later can have happened earlier. */
    ConversationState begunBy(long time) {
        return ownsStart(time) ? of(cycle, open, lastEnd, Math.min(handoverBegan, time), announced, pending) : this;
    }

    ConversationState reopened(long began) {
        return of(cycle + 1, true, lastEnd, began, null, null);
    }

    ConversationState ended(End end) {
        return of(cycle, false, end, handoverBegan, announced, null);
    }

    private ConversationState of(
            int nextCycle,
            boolean nextOpen,
            @Nullable End nextEnd,
            long nextBegan,
            @Nullable String nextAnnounced,
            @Nullable PendingEnd nextPending) {
        return new ConversationState(
                nextCycle,
                nextOpen,
                nextEnd,
                nextBegan,
                agentSessions,
                queueSessions,
                nextAnnounced,
                nextPending,
                fingerprints,
                customer,
                touchedAt);
    }
}
