package io.handover.streams;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * The clock of Kafka Streams: a wall clock that never goes back. If the wall clock is set back, this clock goes on at
 * the same pace. If the wall clock is set forward, this clock follows it.
 *
 * <p>With {@link Time#SYSTEM}, Kafka Streams would stop when the wall clock is set back, until it has caught up: a stream
 * thread commits when {@code now - lastCommitMs > commitTimeMs} ({@code StreamThread.maybeCommit}), and a wall-clock
 * punctuator runs when {@code now} has reached its next time ({@code PunctuationQueue.maybePunctuate}). Meanwhile the open
 * transaction times out.
 */
final class SteadyTime implements Time {

    private static final long NANOS_PER_MS = 1_000_000;

    private final Time system;

    /** The highest difference so far between the wall clock and the monotonic clock, in ms. */
    private final AtomicLong lead = new AtomicLong(Long.MIN_VALUE);

    SteadyTime(Time system) {
        this.system = system;
    }

    @Override
    public long milliseconds() {
        long monotonic = system.nanoseconds() / NANOS_PER_MS;
        return monotonic + lead.accumulateAndGet(system.milliseconds() - monotonic, Math::max);
    }

    @Override
    public long nanoseconds() {
        return system.nanoseconds();
    }

    @Override
    public void sleep(long ms) {
        system.sleep(ms);
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) throws InterruptedException {
        system.waitObject(object, condition, system.milliseconds() + deadlineMs - milliseconds());
    }
}
