package io.handover.streams.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is remembered of one conversation. Immutable.
 *
 * @param cycle which handover of the conversation: 1, 2, 3…
 * @param open whether that handover has not ended
 * @param lastEnd the newest end: this cycle's, or if it is open the previous one's; null before the first
 * @param cycleBegan when the earliest start known of this cycle happened; {@link Leg#UNKNOWN} in the first, to which
 *     everything belongs
 * @param legs the agents' sessions, oldest first, those of earlier cycles too: a late event must find its leg
 * @param queueSessions the stays in queues, likewise
 * @param announced the agent last announced in this cycle, or null
 * @param pending the end that is held, or null
 * @param fingerprints the events already applied
 * @param customerId the customer's Open Messaging id as first told, or null
 * @param organizationId the bot platform's organisation as first told, or null
 * @param touchedAt the newest time of any event, its own or its arrival: retention counts from here
 */
public record ConversationState(
        int cycle,
        boolean open,
        @Nullable End lastEnd,
        long cycleBegan,
        List<Leg> legs,
        List<QueueSession> queueSessions,
        @Nullable Announcement announced,
        @Nullable Pending pending,
        Fingerprints fingerprints,
        @Nullable String customerId,
        @Nullable String organizationId,
        long touchedAt) {

    /** Far more than people take part in; a flood of made-up sessions must not grow the state. */
    static final int MAX_SESSIONS = 64;

    /** A conversation of which nothing is known: its first handover is open, because the bot only hands over. */
    public static final ConversationState NEW = new ConversationState(
            1, true, null, Leg.UNKNOWN, List.of(), List.of(), null, null, Fingerprints.NONE, null, null, Leg.UNKNOWN);

    /**
     * The end of a handover.
     *
     * @param time when the deciding fact happened
     * @param byCustomer whether {@code customer.end} decided it, and not agents' events alone
     * @param customerSession the session that ended, or null
     */
    public record End(
            long time, boolean byCustomer, @Nullable String customerSession) {}

    /**
     * Who was announced.
     *
     * @param startedAt when the announced start happened
     */
    public record Announcement(String agentId, long startedAt) {}

    public ConversationState {
        legs = List.copyOf(legs);
        queueSessions = List.copyOf(queueSessions);
    }

    /** Whether nothing is known of the conversation, so that nothing need be kept. */
    public boolean isNew() {
        return touchedAt == Leg.UNKNOWN;
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
        for (Leg leg : legs) {
            if (leg.cycle() == cycle && leg.isActive()) {
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
        long newestStart = Leg.UNKNOWN;
        for (Leg leg : legs) {
            if (leg.cycle() == cycle && !leg.is(Leg.Reason.DECLINED)) {
                newestStart = Math.max(newestStart, leg.startedAt());
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
        return time >= cycleBegan;
    }

    @Nullable
    Leg leg(String id) {
        return newestLeg(leg -> leg.id().equals(id));
    }

    @Nullable
    Leg newestLeg(Predicate<Leg> matching) {
        for (int i = legs.size() - 1; i >= 0; i--) {
            if (matching.test(legs.get(i))) {
                return legs.get(i);
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
        ConversationEvent.Details details = event.details();
        return new ConversationState(
                cycle,
                open,
                lastEnd,
                cycleBegan,
                legs,
                queueSessions,
                announced,
                pending,
                details.fingerprint() == null ? fingerprints : fingerprints.with(details.fingerprint()),
                customerId == null ? details.customerId() : customerId,
                organizationId == null ? details.organizationId() : organizationId,
                Math.max(touchedAt, Math.max(at, event.time())));
    }

    ConversationState with(Leg leg) {
        return withSessions(replace(legs, leg, Leg::id, Leg::isActive), queueSessions);
    }

    ConversationState with(QueueSession session) {
        return withSessions(legs, replace(queueSessions, session, QueueSession::id, QueueSession::isWaiting));
    }

    private ConversationState withSessions(List<Leg> nextLegs, List<QueueSession> nextQueueSessions) {
        return new ConversationState(
                cycle,
                open,
                lastEnd,
                cycleBegan,
                nextLegs,
                nextQueueSessions,
                announced,
                pending,
                fingerprints,
                customerId,
                organizationId,
                touchedAt);
    }

    ConversationState withPending(@Nullable Pending next) {
        return of(cycle, open, lastEnd, cycleBegan, announced, next);
    }

    ConversationState withAnnounced(Announcement next) {
        return of(cycle, open, lastEnd, cycleBegan, next, pending);
    }

    /** A start that arrives later can have happened earlier. */
    ConversationState begunBy(long time) {
        return cycle == 1 || time >= cycleBegan || !ownsStart(time)
                ? this
                : of(cycle, open, lastEnd, time, announced, pending);
    }

    ConversationState reopened(long began) {
        return of(cycle + 1, true, lastEnd, began, null, null);
    }

    ConversationState ended(End end) {
        return of(cycle, false, end, cycleBegan, announced, null);
    }

    private ConversationState of(
            int nextCycle,
            boolean nextOpen,
            @Nullable End nextEnd,
            long nextBegan,
            @Nullable Announcement nextAnnounced,
            @Nullable Pending nextPending) {
        return new ConversationState(
                nextCycle,
                nextOpen,
                nextEnd,
                nextBegan,
                legs,
                queueSessions,
                nextAnnounced,
                nextPending,
                fingerprints,
                customerId,
                organizationId,
                touchedAt);
    }

    /** In place of the one with the same id, else at the end; where that is too many, the oldest settled one goes. */
    private static <T> List<T> replace(List<T> sessions, T session, Function<T, String> id, Predicate<T> unsettled) {
        List<T> next = new ArrayList<>(sessions);
        for (int i = 0; i < next.size(); i++) {
            if (id.apply(next.get(i)).equals(id.apply(session))) {
                next.set(i, session);
                return next;
            }
        }
        if (next.size() == MAX_SESSIONS) {
            int oldest = 0;
            while (oldest < MAX_SESSIONS - 1 && unsettled.test(next.get(oldest))) {
                oldest++;
            }
            next.remove(oldest);
        }
        next.add(session);
        return next;
    }
}
