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
 * @param open whether the current handover is open
 * @param lastEnd the newest end. While the current handover is open, this is the end of the previous handover; null
 *     before the first end
 * @param handoverBegan the event time of the earliest known start in the current handover. In the first handover, it is
 *     {@link AgentSession#UNKNOWN}: every event belongs to the first handover
 * @param agentSessions the agent sessions of this handover and of earlier ones, oldest first. Earlier ones are kept
 *     because late events belong to them
 * @param queueSessions the queue sessions of this handover and of earlier ones, oldest first
 * @param announced the agent announced last in this handover, or null
 * @param pending the end that is held, or null
 * @param fingerprints the fingerprints of the events already applied
 * @param touchedAt the newest event time or stream time of the events; the retention counts from this time
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

    /** Limits the size of the state if forged events name many sessions. Real conversations have far fewer. */
    static final int MAX_SESSIONS = 64;

    /** A conversation without events. Its first handover is already open: a conversation begins with a handover. */
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
     * @param time the event time of the deciding event; for {@link EndReason#IDLE}, the {@code touchedAt} of the state
     * @param byCustomer whether {@code customer.end} decided the end
     */
    public record End(long time, boolean byCustomer) {}

    /**
     * The customer of the conversation.
     *
     * @param id the first Open Messaging id that an event stated, or null
     * @param organizationId the first organisation of the bot platform that an event stated, or null
     * @param sessionId the last session id that an event of the customer stated, or null
     * @param startedAt the event time of the newest {@code customer.start}; {@link AgentSession#UNKNOWN} if none
     *     arrived
     * @param earlyEnd the newest early {@code customer.end}, or null. It did not belong to an open handover when it
     *     arrived. It may belong to a handover whose start is late
     * @param earlyEndAt the stream time at which {@code earlyEnd} was applied
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

        /**
         * Keeps the newest early customer end. Ignores an end that is ahead of the stream time by more than the
         * out-of-order grace: a wrong clock must not end or suppress the handovers that start before this time.
         */
        Customer withEarlyEnd(Evidence end, long at, TransferPolicy policy) {
            boolean ahead = end.eventTime().toEpochMilli() > at + policy.outOfOrderGraceMs();
            boolean older = earlyEnd != null && !end.eventTime().isAfter(earlyEnd.eventTime());
            return ahead || older ? this : new Customer(id, organizationId, sessionId, startedAt, end, at);
        }
    }

    /**
     * Validates the state, so that corrupt bytes are not accepted as a state.
     *
     * @throws IllegalArgumentException if the cycle is below 1, or the handover is not open and has no end
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

    /** Whether no event has been applied. A new state is not stored. */
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
     * Whether the conversation waits in a queue. The start of an agent ends every earlier wait. The start of an agent
     * who declined does not: the queue offers the conversation to other agents.
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

    /**
     * Whether a start at this event time belongs to the current handover. Otherwise it is a late event of an earlier
     * one.
     */
    boolean ownsStart(long time) {
        return lastEnd == null || time > lastEnd.time();
    }

    /**
     * Whether an event belongs to the current handover if the start of its session is unknown. It does if it is not
     * older than the first start of the handover.
     */
    boolean ownsFact(long time) {
        return time >= handoverBegan;
    }

    /** Whether a queue session belongs to the current handover. If its start is unknown, its end decides. */
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

    /** The state after adding the fingerprint, the customer and the time of the event. */
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
            // Agents who declined are removed first, then other agents who are gone: later events hardly concern them.
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

    /**
     * Removes one session: the oldest that meets the first condition. If there is none, the oldest that meets the
     * second condition. If there is none, the oldest of all.
     */
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

    /**
     * The state with a start at this event time. The handover begins with its earliest start, which can arrive late. A
     * start of an earlier handover changes nothing.
     */
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
