package io.handover.streams;

/** How many records per second were read in the last ten seconds. */
final class RecordRate {

    /** One more than the seconds, because a rate needs the samples at both ends. */
    private static final int SAMPLES = 11;

    private static final double SECOND_MS = 1_000;

    private final long[] counts = new long[SAMPLES];
    private final long[] times = new long[SAMPLES];
    private int taken;

    synchronized void sample(long count, long nowMs) {
        counts[taken % SAMPLES] = count;
        times[taken % SAMPLES] = nowMs;
        taken++;
    }

    synchronized double perSecond() {
        if (taken < 2) {
            return 0;
        }
        int last = (taken - 1) % SAMPLES;
        int first = taken <= SAMPLES ? 0 : taken % SAMPLES;
        double seconds = (times[last] - times[first]) / SECOND_MS;
        return seconds <= 0 ? 0 : Math.max(0, Math.round((counts[last] - counts[first]) / seconds * 10) / 10.0);
    }
}
