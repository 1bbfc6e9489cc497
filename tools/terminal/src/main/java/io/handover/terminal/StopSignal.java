package io.handover.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Passes a stop request from the thread that handles Ctrl-C to the command. In the other direction, it reports that the
 * command has stopped.
 */
public final class StopSignal {

    /** The longest wait for the command. A busy machine can stop a broker in this time. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    /** Requests the stop. A second request changes nothing. */
    public void request() {
        requested.countDown();
    }

    /**
     * Requests the stop, and waits up to 30 seconds until the command has stopped. A shutdown hook must wait, because
     * the JVM ends when all hooks have returned.
     */
    public void requestAndWait() {
        request();
        try {
            finished.await(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /**
     * Waits until the stop is requested or the timeout is over. Returns whether the stop is requested, or the thread
     * was interrupted.
     */
    public boolean await(Duration timeout) {
        try {
            return requested.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Reports that the command has stopped. */
    public void finished() {
        finished.countDown();
    }
}
