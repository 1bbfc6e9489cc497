package io.handover.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Carries a stop request from the thread that handles Ctrl-C to the command, and the answer that it has stopped. */
public final class StopSignal {

    /** Long enough to stop a broker on a busy machine. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    /** Requests the stop. A second request changes nothing. */
    public void request() {
        requested.countDown();
    }

    /** Requests the stop and waits for it, because the JVM ends when its shutdown hooks have returned. */
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

    /** Waits for the request, at most that long. Returns whether the stop is requested. */
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
