package io.handover.history.replay;

import java.util.function.LongSupplier;

/** Computes when each delivery is due: as long after the first one as it arrived then, divided by the speed. */
final class ReplaySpeed {

    /** Everything is due at once. */
    static final double MAX = Double.POSITIVE_INFINITY;

    private static final double NANOS_PER_MS = 1e6;

    private final double speed;
    private final LongSupplier nanoTime;
    private boolean begun;
    private long firstTime;
    private long begunAt;

    /** @param speed how many seconds of the log are published per second */
    ReplaySpeed(double speed, LongSupplier nanoTime) {
        this.speed = speed;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns how long to wait until a delivery is due; rounded up, so that none is early.
     *
     * @param time the time of the log, epoch ms
     * @return milliseconds; 0 if it is due
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
