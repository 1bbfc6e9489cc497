package io.handover.history.repartition;

import io.handover.terminal.CommandException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Uuid;

/**
 * How far a partition of the old topic is copied. Each transaction of the copy commits it, as an offset of the old
 * partition in a consumer group that only this copy uses.
 *
 * @param topicId the id of the new topic: the position is void if the new topic was deleted meanwhile
 * @param offset the offset that is read next
 * @param begin the first offset that the partition had when the copy began
 * @param time the stream time of the partition before {@code offset}, epoch ms
 * @param skipped the first misplaced record that was skipped, which the application has not decided; -1 for none
 * @param skippedTime the stream time of the partition before {@code skipped}, epoch ms
 * @param decided the offset that the application had committed when the cut-over began; -1 before the cut-over, and for
 *     a partition that the application does not read
 * @param count the number of records copied from this partition
 * @param sum the sum of their checksums
 * @param isDone whether the cut-over is complete
 */
record CopyPosition(
        Uuid topicId,
        long offset,
        long begin,
        long time,
        long skipped,
        long skippedTime,
        long decided,
        long count,
        long sum,
        boolean isDone) {

    static final long NONE = -1;

    private static final String FORMAT = "handover-repartition-1";
    private static final int PARTS = 10;

    /**
     * Returns the position before the first record.
     *
     * @param time the stream time of the partition before the offset; {@link Long#MIN_VALUE} at the beginning
     */
    static CopyPosition start(Uuid topicId, long offset, long begin, long time, long decided) {
        return new CopyPosition(topicId, offset, begin, time, NONE, NONE, decided, 0, 0, false);
    }

    /** Returns the position after a record that is not copied. */
    CopyPosition passed(long at, long streamTime) {
        return new CopyPosition(topicId, at + 1, begin, streamTime, skipped, skippedTime, decided, count, sum, isDone);
    }

    /** Returns the position after a misplaced record, which is copied later. */
    CopyPosition skipped(long at, long streamTime) {
        boolean isFirst = skipped == NONE;
        return new CopyPosition(
                topicId,
                at + 1,
                begin,
                streamTime,
                isFirst ? at : skipped,
                isFirst ? time : skippedTime,
                decided,
                count,
                sum,
                isDone);
    }

    /** Returns the position after a record that is copied. */
    CopyPosition copied(long at, long streamTime, long checksum) {
        return new CopyPosition(
                topicId, at + 1, begin, streamTime, skipped, skippedTime, decided, count + 1, sum + checksum, isDone);
    }

    CopyPosition done() {
        return new CopyPosition(topicId, offset, begin, time, skipped, skippedTime, decided, count, sum, true);
    }

    /** Returns the offset to commit; its metadata has all other fields. */
    OffsetAndMetadata encode() {
        return new OffsetAndMetadata(
                offset,
                String.join(
                        ";",
                        FORMAT,
                        topicId.toString(),
                        String.valueOf(begin),
                        String.valueOf(time),
                        String.valueOf(skipped),
                        String.valueOf(skippedTime),
                        String.valueOf(decided),
                        String.valueOf(count),
                        String.valueOf(sum),
                        String.valueOf(isDone)));
    }

    /**
     * Returns the position that was committed.
     *
     * @throws CommandException if something else committed the offset
     */
    static CopyPosition of(OffsetAndMetadata committed) {
        String[] parts = committed.metadata().split(";", -1);
        if (parts.length != PARTS || !parts[0].equals(FORMAT)) {
            throw new CommandException(
                    "The consumer group of this repartition belongs to something else. Choose another"
                            + " name for the new topic.");
        }
        return new CopyPosition(
                Uuid.fromString(parts[1]),
                committed.offset(),
                Long.parseLong(parts[2]),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Long.parseLong(parts[6]),
                Long.parseLong(parts[7]),
                Long.parseLong(parts[8]),
                Boolean.parseBoolean(parts[9]));
    }
}
