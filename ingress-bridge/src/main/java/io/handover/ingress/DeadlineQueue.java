package io.handover.ingress;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * Deadlines of one event loop that are equally long, so they are over in the order in which they start. One timer waits
 * for the first of them. A timer per deadline would cost a request more than its parsing, because nearly every deadline
 * is cancelled.
 *
 * <p>All methods must be called on the event loop.
 */
final class DeadlineQueue {

    private final Vertx vertx;
    private final long lengthMs;

    /** Stands before the first deadline and after the last one. */
    private final Deadline ends = new Deadline(() -> {});

    private boolean timerRuns;

    DeadlineQueue(Vertx vertx, long lengthMs) {
        this.vertx = vertx;
        this.lengthMs = lengthMs;
    }

    /** Starts a deadline, or starts it again. */
    void start(Deadline deadline) {
        deadline.insertBefore(ends, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lengthMs));
        if (!timerRuns) {
            timerRuns = true;
            startTimer(lengthMs);
        }
    }

    private void startTimer(long ms) {
        vertx.setTimer(ms, id -> sweep());
    }

    private void sweep() {
        long now = System.nanoTime();
        try {
            while (ends.next() != ends && ends.next().dueNanos() - now <= 0) {
                ends.next().expire();
            }
        } finally {
            // If an action fails, the deadlines after it must not wait for ever.
            timerRuns = ends.next() != ends;
            if (timerRuns) {
                startTimer(1
                        + Math.max(0, TimeUnit.NANOSECONDS.toMillis(ends.next().dueNanos() - now)));
            }
        }
    }
}
