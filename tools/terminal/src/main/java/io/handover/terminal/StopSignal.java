package io.handover.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wish to stop, and the answer that everything has: Ctrl-C asks in one thread, the command obeys in another. */
public final class StopSignal {

    /** Long enough for a broker on a busy machine; the shell's own patience ends somewhere. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    /** Asks to stop; a second time changes nothing. */
    public void request() {
        requested.countDown();
    }

    /** Asks to stop, and waits until everything has: the JVM ends when its shutdown hooks have returned. */
    public void requestAndWait() {
        request();
        try {
            finished.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits for that wish, but not longer than so. Returns whether it came. */
    public boolean await(Duration longest) {
        try {
            return requested.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Tells that everything has stopped. */
    public void finished() {
        finished.countDown();
    }
}
