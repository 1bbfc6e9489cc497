package io.handover.genesys;

import io.handover.genesys.GenesysException.Retry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The turns of the requests. There is one turn per interval, and none while Genesys asks for a pause. A pause moves the
 * turns instead of collecting them, so the requests that waited for its end leave one by one.
 */
final class RequestPace {

    private final long intervalNanos;
    private final long longestQueueNanos;
    private final LongSupplier nanoClock;
    private final CountDownLatch closed = new CountDownLatch(1);

    private long nextTurn;
    private long pauseStart;
    private long pauseEnd;
    private long earlierPauses;

    /** @param longestQueue how long a request waits for its turn before it is refused */
    RequestPace(int requestsPerMinute, Duration longestQueue, LongSupplier nanoClock) {
        this.intervalNanos = TimeUnit.MINUTES.toNanos(1) / requestsPerMinute;
        this.longestQueueNanos = longestQueue.toNanos();
        this.nanoClock = nanoClock;
        this.nextTurn = nanoClock.getAsLong();
        this.pauseStart = nextTurn;
        this.pauseEnd = nextTurn;
    }

    /** Waits until a request may leave. */
    void awaitTurn() throws GenesysException, InterruptedException {
        long turn;
        do {
            turn = takeTurn();
            sleep(Duration.ofNanos(turn - nanoClock.getAsLong()));
        } while (isInPause(turn));
    }

    private synchronized long takeTurn() throws GenesysException {
        long earliest = Math.max(nanoClock.getAsLong(), pauseEnd);
        long turn = Math.max(earliest, nextTurn);
        if (turn - earliest > longestQueueNanos) {
            throw new GenesysException(
                    "More requests to Genesys are waiting than the rate limit of this client lets through.",
                    Retry.NEVER);
        }
        nextTurn = turn + intervalNanos;
        return turn;
    }

    /** A turn is void if a pause began while the request waited for it. */
    private synchronized boolean isInPause(long turn) {
        return turn < pauseEnd;
    }

    /** Stops all requests for a while. A pause that lasts longer already is not shortened. */
    synchronized void pause(Duration duration) {
        long now = nanoClock.getAsLong();
        if (now >= pauseEnd) {
            earlierPauses += pauseEnd - pauseStart;
            pauseStart = now;
        }
        pauseEnd = Math.max(pauseEnd, now + duration.toNanos());
    }

    /** The time in nanoseconds as a clock shows it that stands still during pauses. */
    synchronized long workingNanos() {
        long now = nanoClock.getAsLong();
        return now - earlierPauses - (Math.min(now, pauseEnd) - pauseStart);
    }

    void sleep(Duration duration) throws GenesysException, InterruptedException {
        if (closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new GenesysException("The client of Genesys is closed.", Retry.NEVER);
        }
    }

    /** Ends all waits. */
    void close() {
        closed.countDown();
    }
}
