package io.handover.history.replay;

import java.util.function.LongSupplier;

/**
 * Computes when each delivery is due. Its wait after the first delivery is the time between the two arrivals, divided
 * by the speed.
 */
final class ReplaySpeed {

    /** The speed at which every delivery is due at once. */
    static final double MAX = Double.POSITIVE_INFINITY;

    private static final double NANOS_PER_MS = 1e6;

    private final double speed;
    private final LongSupplier nanoTime;
    private boolean begun;
    private long firstTime;
    private long begunAt;

    /** @param speed how many seconds of past time are published per second; 1 for real time */
    ReplaySpeed(double speed, LongSupplier nanoTime) {
        this.speed = speed;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns how long to wait until a delivery is due. The result is rounded up, so that no delivery is published
     * early.
     *
     * @param time the highest time of all deliveries up to this one, epoch ms
     * @return milliseconds; 0 if the delivery is due
     */
    long millisUntil(long time) {
        if (speed == MAX) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        if (!begun) {
            begun = true;
            firstTime = time;
            begunAt = now;
        }
        double due = (time - firstTime) * NANOS_PER_MS / speed;
        return (long) Math.max(0, Math.ceil((due - (now - begunAt)) / NANOS_PER_MS));
    }
}
