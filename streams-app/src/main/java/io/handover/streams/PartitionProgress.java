package io.handover.streams;

import io.micrometer.core.instrument.Clock;

/**
 * How far a partition of {@code handover-events} has been processed, how much waits behind it, and which deadline is next.
 * The stream thread and the thread that reads the end offsets write it; a scrape reads it.
 *
 * <p>All times are those of the brokers' clock, as far as it is known, because records have its dates. Between two writes,
 * the monotonic clock of the process continues them.
 */
final class PartitionProgress {

    private static final long UNKNOWN = -1;
    private static final long NO_DEADLINE = Long.MAX_VALUE;
    private static final double SECOND_MS = 1_000;
    private static final double SECOND_NANOS = 1_000_000_000;
    private static final long MS_NANOS = 1_000_000;

    private final Clock clock;
    private final long assignedNanos;

    /** The offset after the last record that was processed. */
    private volatile long processedTo = UNKNOWN;

    /** The offset of the last record that the consumer returned. */
    private volatile long lastPolled = UNKNOWN;

    /** The next offset of the consumer. It is also beyond offsets that no record has, such as those of transactions. */
    private volatile long polledTo = UNKNOWN;

    /** The offset where the application continues after a restart. Counts until something is polled or processed. */
    private volatile long committed = UNKNOWN;

    private volatile long end = UNKNOWN;
    private volatile long endReadNanos;

    /** Nothing waited at this time; {@link #UNKNOWN} if that was never seen. */
    private volatile long caughtUpNanos = UNKNOWN;

    /** The date of the last record that was processed; before that, of the first record that waits. Epoch ms. */
    private volatile long recordTime = UNKNOWN;

    private volatile Time time;
    private volatile long deadline = NO_DEADLINE;

    /** The brokers' time, epoch ms, at a time of the monotonic clock. */
    private record Time(long brokerMs, long nanos) {}

    PartitionProgress(Clock clock) {
        this.clock = clock;
        this.assignedNanos = clock.monotonicTime();
        this.time = new Time(clock.wallTime(), assignedNanos);
    }

    /** The consumer returned records. */
    void polled(long firstTime, long lastOffset) {
        if (recordTime == UNKNOWN) {
            recordTime = firstTime;
        }
        lastPolled = lastOffset;
    }

    /** The consumer continues at this offset. */
    void polledTo(long next) {
        polledTo = next;
    }

    /**
     * A record was processed, or sent to the dead letters.
     *
     * @param nextDeadline the earliest deadline after it, epoch ms; {@link Long#MAX_VALUE} without one
     */
    void processed(long offset, long streamTime, long nextDeadline) {
        // A record that was skipped can be ahead of this one.
        processedTo = Math.max(processedTo, offset + 1);
        recordTime = streamTime;
        if (deadline != nextDeadline) {
            deadline = nextDeadline;
        }
    }

    /** An unreadable record was skipped. Kafka Streams reads one record ahead, so an earlier one may be processed after it. */
    void skipped(long offset) {
        processedTo = Math.max(processedTo, offset + 1);
    }

    /**
     * Sets the clock and the next deadline.
     *
     * @param brokerMs the time by the brokers' clock, epoch ms
     * @param nextDeadline the earliest deadline, epoch ms; {@link Long#MAX_VALUE} without one
     */
    void checked(long brokerMs, long nextDeadline) {
        time = new Time(brokerMs, clock.monotonicTime());
        deadline = nextDeadline;
    }

    /** Sets the committed offset of the application, if nothing was polled or processed yet. */
    void committed(long offset) {
        committed = offset;
    }

    /**
     * Sets the end offset of the partition.
     *
     * @param readNanos the time of the request, by the monotonic clock
     */
    void endRead(long offset, long readNanos) {
        noteCaughtUp();
        endReadNanos = readNanos;
        end = offset;
        noteCaughtUp();
    }

    private void noteCaughtUp() {
        if (end != UNKNOWN && next() >= end) {
            caughtUpNanos = endReadNanos;
        }
    }

    /** The offset of the next record to process; {@link #UNKNOWN} until the first is known. */
    private long next() {
        long processed = processedTo;
        if (processed == UNKNOWN && lastPolled == UNKNOWN) {
            return Math.max(committed, polledTo);
        }
        if (processed <= lastPolled) {
            return processed == UNKNOWN ? committed : processed;
        }
        long next = Math.max(processed, polledTo);
        return next == UNKNOWN ? committed : next;
    }

    boolean isNextKnown() {
        return next() != UNKNOWN;
    }

    /** The offset of the next record to process; NaN until it is known. */
    double position() {
        long next = next();
        return next == UNKNOWN ? Double.NaN : next;
    }

    /** How many records wait, at most: some offsets have no record. NaN until it is known. */
    double lagRecords() {
        long next = next();
        return end == UNKNOWN || next == UNKNOWN ? Double.NaN : Math.max(0, end - next);
    }

    /**
     * How long the oldest record has waited, at most; 0 if none waits, NaN until it is known. All records that wait came
     * after the last processed one, and after nothing waited the last time.
     */
    double lagSeconds() {
        double records = lagRecords();
        if (Double.isNaN(records) || records == 0) {
            return records;
        }
        long since = caughtUpNanos == UNKNOWN ? assignedNanos : caughtUpNanos;
        double sinceCaughtUp = (clock.monotonicTime() - since) / SECOND_NANOS;
        if (recordTime == UNKNOWN) {
            return sinceCaughtUp;
        }
        double sinceRecord = Math.max(0, (brokerMs() - recordTime) / SECOND_MS);
        return caughtUpNanos == UNKNOWN ? sinceRecord : Math.min(sinceRecord, sinceCaughtUp);
    }

    /** How long ago the earliest deadline was due; 0 if none is due. */
    double overdueSeconds() {
        return deadline == NO_DEADLINE ? 0 : Math.max(0, (brokerMs() - deadline) / SECOND_MS);
    }

    private long brokerMs() {
        Time last = time;
        return last.brokerMs() + (clock.monotonicTime() - last.nanos()) / MS_NANOS;
    }
}
