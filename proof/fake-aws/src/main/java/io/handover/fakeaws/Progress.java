package io.handover.fakeaws;

import io.handover.fakeaws.Behaviour.Trait;
import java.time.Duration;

/** The way of a resource to its final state. It takes a number of describes, or a time. */
final class Progress {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final long readyAtMs;
    private int remaining;

    Progress(Behaviour behaviour) {
        remaining = behaviour.count(Trait.DESCRIBES_UNTIL_READY);
        readyAtMs = nowMs() + behaviour.scaledMs(LONGEST);
    }

    boolean isReady() {
        return remaining == 0 || nowMs() >= readyAtMs;
    }

    /** Counts a describe. */
    void advance() {
        remaining = Math.max(0, remaining - 1);
    }

    int remaining() {
        return remaining;
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
