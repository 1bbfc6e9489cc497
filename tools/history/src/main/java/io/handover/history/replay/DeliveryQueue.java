package io.handover.history.replay;

import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import io.handover.terminal.CommandException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads deliveries in a thread of its own: who takes them need not wait while one of a conversation is looked for in a
 * large archive, and can do other things meanwhile, such as stop.
 */
final class DeliveryQueue implements AutoCloseable {

    private static final int AHEAD = 4_096;
    private static final int FRACTION_EVERY = 256;
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);

    private final PastDeliveries past;
    private final BlockingQueue<Next> queue = new ArrayBlockingQueue<>(AHEAD);
    private final Thread reader = new Thread(this::read, "history-reader");
    private volatile double fraction = -1;

    /**
     * What comes next.
     *
     * @param record null at the end
     * @param time the time of the log, which never goes back
     * @param problem why there is no more, if it is no end
     */
    record Next(
            @Nullable PastDelivery record,
            long time,
            @Nullable RuntimeException problem) {}

    private DeliveryQueue(PastDeliveries past) {
        this.past = past;
    }

    /** @param past is read and closed by it alone from now on */
    static DeliveryQueue of(PastDeliveries past) {
        DeliveryQueue ahead = new DeliveryQueue(past);
        ahead.reader.setDaemon(true);
        ahead.reader.start();
        return ahead;
    }

    private void read() {
        try {
            try {
                PastDelivery record;
                int count = 0;
                do {
                    record = past.next();
                    if (count++ % FRACTION_EVERY == 0) {
                        fraction = past.fraction();
                    }
                    queue.put(new Next(record, past.time(), null));
                } while (record != null);
            } catch (RuntimeException e) {
                queue.put(new Next(null, 0, e));
            }
        } catch (InterruptedException e) {
            // nobody wants more
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Takes what comes next, once.
     *
     * @return null if there is nothing yet
     * @throws CommandException if it cannot be read
     */
    @Nullable
    Next poll(long waitMs) {
        try {
            Next next = queue.poll(waitMs, TimeUnit.MILLISECONDS);
            if (next != null && next.problem() != null) {
                throw next.problem();
            }
            if (next == null && !reader.isAlive() && queue.isEmpty()) {
                throw new IllegalStateException("Expected more to be read, but the reading broke off");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected to wait for what is read, but was interrupted", e);
        }
    }

    /** How much of all there is has been read: from 0 to 1; negative if nobody knows. */
    double fraction() {
        return fraction;
    }

    /** What is read; to be asked how much of it was left out only when the end has come. */
    PastDeliveries past() {
        return past;
    }

    @Override
    public void close() {
        reader.interrupt();
        try {
            reader.join(ENDS_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        past.close();
    }
}
