package io.handover.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The difference between the wall clock of this process and the clock of the brokers, as a gauge, with a warning beyond
 * one second. It is measured with records that a broker dated ({@code LogAppendTime}).
 */
public final class ClockSkew {

    private static final Logger LOG = LoggerFactory.getLogger(ClockSkew.class);
    private static final long LIMIT_MS = 1_000;
    private static final double SECOND_MS = 1_000;

    /** The clocks of two brokers can differ. So the largest difference in this time counts, not the one of each record. */
    private static final long PERIOD_NANOS = Duration.ofSeconds(10).toNanos();

    private final InstantSource wallClock;
    private final LongSupplier nanoTime;
    private volatile double seconds = Double.NaN;
    private boolean isBeyondLimit;
    private long largestMs;
    private long periodBegan;

    /** Registers the gauge. Its value is NaN until the first measurement. */
    public ClockSkew(MeterRegistry registry) {
        this(registry, InstantSource.system(), System::nanoTime);
    }

    ClockSkew(MeterRegistry registry, InstantSource wallClock, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.wallClock = wallClock;
        Gauge.builder("handover.clock.skew", this, skew -> skew.seconds)
                .baseUnit("seconds")
                .description("How far the clock of this process is ahead of the brokers' clock; negative if behind."
                        + " NaN until it is measured.")
                .strongReference(true)
                .register(registry);
    }

    /**
     * Measures the difference with a record that this process sent. Call it when the record is acknowledged or read.
     *
     * <p>The broker dated the record at some time between the send and now. If the date is between the two by this
     * process's clock as well, the clocks count as equal. So a slow broker or a backlog is not taken for a skew.
     *
     * @param brokerTimeMs the date that the broker gave to the record, epoch ms
     * @param sinceSendMs the time since the send, ms, by a clock that wall clock steps do not change
     */
    public synchronized void measure(long brokerTimeMs, long sinceSendMs) {
        long nowMs = wallClock.millis();
        long ahead = nowMs - sinceSendMs - brokerTimeMs;
        long behind = nowMs - brokerTimeMs;
        long skewMs = ahead > 0 ? ahead : Math.min(0, behind);
        if (Math.abs(skewMs) > Math.abs(largestMs)) {
            largestMs = skewMs;
        }
        long now = nanoTime.getAsLong();
        boolean isFirst = Double.isNaN(seconds);
        if (isFirst || now - periodBegan >= PERIOD_NANOS) {
            publish(largestMs);
            largestMs = 0;
            periodBegan = now;
        }
    }

    private void publish(long skewMs) {
        seconds = skewMs / SECOND_MS;
        boolean isBeyond = Math.abs(skewMs) > LIMIT_MS;
        if (isBeyond && !isBeyondLimit) {
            LOG.atWarn()
                    .addKeyValue("skew_s", seconds)
                    .log("Clock differs from the broker's clock, check NTP on both machines");
        } else if (!isBeyond && isBeyondLimit) {
            LOG.atInfo().addKeyValue("skew_s", seconds).log("Clock agrees with the broker's clock again");
        }
        isBeyondLimit = isBeyond;
    }
}
