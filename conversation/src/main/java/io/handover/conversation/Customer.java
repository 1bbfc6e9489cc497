package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * The customer of a conversation.
 *
 * @param id the first Open Messaging id that an event stated, or null
 * @param organizationId the first organisation of the bot platform that an event stated, or null
 * @param sessionId the last session id that an event of the customer stated, or null
 * @param startedAt the event time of the newest {@code customer.start}; {@link AgentSession#UNKNOWN} if none arrived
 * @param unmatchedEnd the newest {@code customer.end} that has ended no handover, or null. It may belong to a handover
 *     whose start is late
 * @param unmatchedEndAt the stream time at which {@code unmatchedEnd} was applied
 */
public record Customer(
        @Nullable String id,
        @Nullable String organizationId,
        @Nullable String sessionId,
        long startedAt,
        @Nullable Evidence unmatchedEnd,
        long unmatchedEndAt) {

    static final Customer UNKNOWN = new Customer(null, null, null, AgentSession.UNKNOWN, null, AgentSession.UNKNOWN);

    /** Adds what the event states and no earlier one did; the same instance if that is nothing. */
    Customer identifiedBy(ConversationEvent.Details details) {
        boolean isNothingNew = (id != null || details.customerId() == null)
                && (organizationId != null || details.organizationId() == null);
        if (isNothingNew) {
            return this;
        }
        return new Customer(
                id == null ? details.customerId() : id,
                organizationId == null ? details.organizationId() : organizationId,
                sessionId,
                startedAt,
                unmatchedEnd,
                unmatchedEndAt);
    }

    Customer started(@Nullable String session, long time) {
        return new Customer(
                id,
                organizationId,
                session == null ? sessionId : session,
                Math.max(startedAt, time),
                unmatchedEnd,
                unmatchedEndAt);
    }

    Customer inSession(@Nullable String session) {
        return started(session, startedAt);
    }

    Customer ended(@Nullable Evidence end, long at) {
        return new Customer(id, organizationId, sessionId, startedAt, end, at);
    }

    /**
     * Whether the unmatched end followed this start, and arrived longer ago than the out-of-order grace.
     *
     * <p>If so, the start is late, and its handover is over; to count it would announce a second end. Within the grace,
     * the start and the end are only out of order: the start opens the handover, and the end ends it at once.
     */
    boolean hasLongLeft(long start, long at, TransferPolicy policy) {
        return policy.customerEndEnds()
                && unmatchedEnd != null
                && unmatchedEnd.eventTime().toEpochMilli() >= start
                && at > unmatchedEndAt + policy.outOfOrderGraceMs();
    }
}
