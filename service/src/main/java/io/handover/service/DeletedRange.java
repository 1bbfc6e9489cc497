package io.handover.service;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The deliveries of one partition that Kafka deleted before streams-app had read them. Until an operator acknowledges
 * it, the range is stored in Kafka: as the metadata of a committed offset of the consumer group {@link #groupOf}.
 *
 * @param first the first deleted offset
 * @param next the first offset after the range, which still existed
 * @param count the number of deleted offsets from first to next; the deliveries are at most as many, because clock
 *     ticks and transactions have offsets too
 * @param receivedBefore the deliveries were received before this time
 */
public record DeletedRange(long first, long next, long count, Instant receivedBefore) {

    private static final Pattern METADATA =
            Pattern.compile("deleted unread: first=(\\d+) next=(\\d+) count=(\\d+) received-before=(\\S+)");

    /** The range of one gap. */
    public DeletedRange(long first, long next, Instant receivedBefore) {
        this(first, next, next - first, receivedBefore);
    }

    /** The consumer group that holds the ranges of an application. It has no members. */
    public static String groupOf(String applicationId) {
        return applicationId + "-deleted-unread";
    }

    /**
     * Returns the range from the first to the last offset of both. An offset in both is counted once, because a gap is
     * found again if the application stops before it has read on.
     */
    public DeletedRange and(DeletedRange later) {
        return new DeletedRange(
                Math.min(first, later.first),
                Math.max(next, later.next),
                count + Math.max(0, later.next - Math.max(later.first, next)),
                receivedBefore.isAfter(later.receivedBefore) ? receivedBefore : later.receivedBefore);
    }

    /** The committed offset that stores the range. */
    public OffsetAndMetadata toOffset() {
        return new OffsetAndMetadata(
                next,
                "deleted unread: first=" + first + " next=" + next + " count=" + count + " received-before="
                        + receivedBefore);
    }

    /** Reads the range that {@link #toOffset} stored. Returns empty for any other committed offset. */
    public static Optional<DeletedRange> of(OffsetAndMetadata offset) {
        Matcher metadata = METADATA.matcher(offset.metadata());
        if (!metadata.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DeletedRange(
                    Long.parseLong(metadata.group(1)),
                    Long.parseLong(metadata.group(2)),
                    Long.parseLong(metadata.group(3)),
                    Instant.parse(metadata.group(4))));
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The range in words, for example "offsets 17 to 41, received before 2026-01-15T10:00:00Z". */
    @Override
    public String toString() {
        return "offsets " + first + " to " + (next - 1) + ", received before " + receivedBefore;
    }
}
