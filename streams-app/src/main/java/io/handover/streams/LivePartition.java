package io.handover.streams;

import io.handover.conversation.EndReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this process knows in memory of a partition that it processes: counts, the stream time and the last outcomes. The
 * stream thread alone writes it, without locks, and queries read it. A query may see a value a moment late.
 */
final class LivePartition {

    private final int partition;
    private final RecentOutcomes recent;
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong oldestOpen = new AtomicLong();
    private final Map<EndReason, AtomicLong> held = new EnumMap<>(EndReason.class);
    private final AtomicLong streamTime = new AtomicLong(-1);
    private final AtomicLong records = new AtomicLong();
    private final RecordRate rate = new RecordRate();

    /** @param since when this process began with the partition, by its clock */
    LivePartition(int partition, long since) {
        this.partition = partition;
        this.recent = new RecentOutcomes(since);
        for (EndReason reason : EndReason.values()) {
            held.put(reason, new AtomicLong());
        }
    }

    int partition() {
        return partition;
    }

    RecentOutcomes recent() {
        return recent;
    }

    /** A record was read. Only the stream thread may call this and the other methods that change a value. */
    void recordRead(long streamTimeMs) {
        // No reader waits for the value, so the writer need not wait for its memory.
        streamTime.lazySet(streamTimeMs);
        records.lazySet(records.getPlain() + 1);
    }

    /** No handover is open that began before this time, epoch ms. */
    void setOldestOpen(long time) {
        oldestOpen.lazySet(time);
    }

    void countOpen(int change) {
        open.lazySet(open.getPlain() + change);
    }

    void countHeld(EndReason reason, int change) {
        AtomicLong count = count(reason);
        count.lazySet(count.getPlain() + change);
    }

    private AtomicLong count(EndReason reason) {
        return Objects.requireNonNull(held.get(reason), "Expected a count of every reason, but one is missing");
    }

    void resetCounts() {
        open.set(0);
        held.values().forEach(count -> count.set(0));
    }

    /** The handovers that are open, with those whose end is held. */
    long open() {
        return open.get();
    }

    /** See {@link #setOldestOpen}. A scan from there reads no entries of handovers that ended long ago. */
    long oldestOpen() {
        return oldestOpen.get();
    }

    long held(EndReason reason) {
        return count(reason).get();
    }

    long held() {
        return held.values().stream().mapToLong(AtomicLong::get).sum();
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
