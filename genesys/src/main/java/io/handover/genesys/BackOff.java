package io.handover.genesys;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An exponential back-off with jitter.
 *
 * @param first the longest wait after the first failure
 * @param longest the longest wait after any failure
 */
record BackOff(Duration first, Duration longest) {

    /** Returns the wait after a number of failures in a row: between a half and the whole of the exponential wait. */
    Duration after(int failures) {
        double exponential = Math.scalb((double) first.toNanos(), failures - 1);
        double longestNow = Math.min(exponential, (double) longest.toNanos());
        return Duration.ofNanos((long) (longestNow * ThreadLocalRandom.current().nextDouble(0.5, 1)));
    }
}
