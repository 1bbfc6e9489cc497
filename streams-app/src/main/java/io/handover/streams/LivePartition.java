package io.handover.streams;

import io.handover.conversation.TransferPolicy;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this process knows in memory of a partition that it processes: the open handovers, the stream time and the last outcomes. The
 * stream thread alone writes it, without locks, and queries read it. A query may see a value a moment late.
 */
final class LivePartition {

    private final int partition;
    private final RecentOutcomes recent;
    private final OpenHandovers handovers;
    private final AtomicLong streamTime = new AtomicLong(-1);
    private final AtomicLong records = new AtomicLong();
    private final RecordRate rate = new RecordRate();

    /**
     * @param since when this process began with the partition, by its clock
     * @param outcomes how many of the last outcomes are remembered
     */
    LivePartition(int partition, long since, int outcomes, TransferPolicy policy) {
        this.partition = partition;
        this.handovers = new OpenHandovers(policy);
        this.recent = new RecentOutcomes(outcomes, since);
    }

    int partition() {
        return partition;
    }

    RecentOutcomes recent() {
        return recent;
    }

    OpenHandovers handovers() {
        return handovers;
    }

    /** A record was read. Only the stream thread may call this and the other methods that change a value. */
    void recordRead(long streamTimeMs) {
        // No reader waits for the value, so the writer need not wait for its memory.
        streamTime.lazySet(streamTimeMs);
        records.lazySet(records.getPlain() + 1);
    }

    /** The stream time, epoch ms; negative before the first record. */
    long streamTime() {
        return streamTime.get();
    }

    /** The records read since this process began with the partition. */
    long records() {
        return records.get();
    }

    /** Remembers how many records were read until now, for the rate. */
    void sample(long nowMs) {
        rate.sample(records.get(), nowMs);
    }

    /** Records per second in the last ten seconds. */
    double rate() {
        return rate.perSecond();
    }
}
