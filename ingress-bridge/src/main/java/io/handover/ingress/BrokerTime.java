package io.handover.ingress;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time of the brokers' clock. It is the date of the last record that a broker acknowledged, continued with the
 * monotonic clock of this process. So the wall clock of this process may be wrong.
 */
final class BrokerTime {

    private final LongSupplier nanoTime;

    /** Null until a record was acknowledged. */
    private volatile @Nullable Dated last;

    private record Dated(long brokerTimeMs, long nanos) {}

    BrokerTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Receives the date of a record that was acknowledged just now, epoch ms. */
    void acknowledged(long brokerTimeMs) {
        last = new Dated(brokerTimeMs, nanoTime.getAsLong());
    }

    boolean isKnown() {
        return last != null;
    }

    /** Whether more than {@code age} has passed since that time. False while the brokers' time is unknown. */
    boolean isPast(Instant time, Duration age) {
        Dated known = last;
        if (known == null) {
            return false;
        }
        long sinceMs = Duration.ofNanos(nanoTime.getAsLong() - known.nanos()).toMillis();
        return known.brokerTimeMs() + sinceMs - time.toEpochMilli() > age.toMillis();
    }
}
