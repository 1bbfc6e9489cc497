package io.handover.conversation;

import io.handover.schema.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state of one conversation. Immutable.
 *
 * @param cycle the number of the current handover: 1, 2, 3…
 * @param open whether that handover has not ended
 * @param lastEnd the newest end: of this handover, or of the previous one while this one is open; null before the first
 * @param handoverBegan when the earliest known start of this handover happened; {@link AgentSession#UNKNOWN} in the
 *     first, to which every event belongs
 * @param agentSessions oldest first, also of earlier handovers: a late event must find its session
 * @param queueSessions likewise
 * @param announced the agent last announced in this handover, or null
 * @param pending the end that is held, or null
 * @param fingerprints the events already applied
 * @param touchedAt the newest time of any event, its event time or its arrival; retention counts from it
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

    /** Far more than real conversations have; forged events with many sessions must not grow the state. */
    static final int MAX_SESSIONS = 64;

    /** A conversation without events. Its first handover is open, because a conversation begins with a handover. */
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
     * @param time the event time of the deciding event
     * @param byCustomer whether {@code customer.end} decided it, and not agents' events alone
     */
    public record End(long time, boolean byCustomer) {}

    /**
     * The customer of the conversation.
     *
     * @param id the Open Messaging id that was stated first, or null
     * @param organizationId the bot platform's organisation that was stated first, or null
     * @param sessionId the session that was stated last, or null
     * @param startedAt when the newest session began; {@link AgentSession#UNKNOWN} if no start arrived
     * @param earlyEnd the newest {@code customer.end} that arrived after an end, and may end the next handover, whose
     *     start is late; null if there is none
     * @param earlyEndAt the stream time at which it was applied
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

        Customer identifiedBy(ConversationEvent.Details details) {
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

        /** Ignores an end from a clock that is ahead, because it would end every handover until that time. */
        Customer withEarlyEnd(Evidence end, long at, TransferPolicy policy) {
            boolean ahead = end.eventTime().toEpochMilli() > at + policy.outOfOrderGraceMs();
            boolean older = earlyEnd != null && !end.eventTime().isAfter(earlyEnd.eventTime());
            return ahead || older ? this : new Customer(id, organizationId, sessionId, startedAt, end, at);
        }
    }

    /**
     * Validates the invariants, so that corrupt bytes are rejected as a state.
     *
     * @throws IllegalArgumentException if the cycle is below 1, or the conversation has ended without an end
     */
    public ConversationState {
        if (cycle < 1) {
            throw new IllegalArgumentException("Expected cycle to be 1 or more, but it is " + cycle);
        }
        if (!open && lastEnd == null) {
            throw new IllegalArgumentException("Expected an ended conversation to have an end, but it has none");
        }
        agentSessions = List.copyOf(agentSessions);
        queueSessions = List.copyOf(queueSessions);
    }

    /** Whether no event was applied. Such a state is not stored. */
    public boolean isNew() {
        return touchedAt == AgentSession.UNKNOWN;
    }

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
     * Whether the conversation waits in a queue. The start of an agent ends every earlier wait, unless the agent
     * declines: then the queue offers the conversation to others.
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

    /** Whether a start at that time belongs to this handover, and is no late event of an earlier one. */
    boolean ownsStart(long time) {
        return lastEnd == null || time > lastEnd.time();
    }

    /** Whether an event without the start of its session belongs to this handover: from its first start on. */
    boolean ownsFact(long time) {
        return time >= handoverBegan;
    }

    /** Whether a queue session belongs to this handover. Without a start, it belongs to that in which it ended. */
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

    /** The state with the fingerprint of the event, and with the customer that the event states. */
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
                customer.identifiedBy(event.details()),
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
            // Later events most likely concern agents who are there, and least likely those who declined.
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

    /** Removes the oldest that meets the first condition, otherwise the second, otherwise the oldest. */
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

    /** The state with a start of this handover, which may have happened before the starts already known. */
    ConversationState withStart(long time) {
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
