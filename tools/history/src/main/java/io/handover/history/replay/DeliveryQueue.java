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
 * Reads deliveries in a separate thread. The caller can commit and stop while this thread searches a large archive for
 * one conversation.
 */
final class DeliveryQueue implements AutoCloseable {

    private static final int CAPACITY = 4_096;
    private static final int FRACTION_EVERY = 256;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final PastDeliveries past;
    private final BlockingQueue<Next> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread reader = new Thread(this::read, "history-reader");
    private volatile double fraction = -1;

    /**
     * An item of the queue: a record, the end of the source, or a failure.
     *
     * @param record null at the end of the source, and for a failure
     * @param time the highest time of all records so far, epoch ms; 0 for a failure
     * @param problem why reading failed; null if it did not fail
     */
    record Next(
            @Nullable PastDelivery record,
            long time,
            @Nullable RuntimeException problem) {}

    private DeliveryQueue(PastDeliveries past) {
        this.past = past;
    }

    /**
     * Starts to read a source.
     *
     * @param past the source; from now on, only the queue reads and closes it
     */
    static DeliveryQueue of(PastDeliveries past) {
        DeliveryQueue queue = new DeliveryQueue(past);
        queue.reader.setDaemon(true);
        queue.reader.start();
        return queue;
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
            // The queue is closed.
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Removes and returns the next item.
     *
     * @param waitMs how long to wait for an item
     * @return null if no item is read within that time
     * @throws CommandException if the source cannot be read
     */
    @Nullable
    Next poll(long waitMs) {
        try {
            Next next = queue.poll(waitMs, TimeUnit.MILLISECONDS);
            if (next != null && next.problem() != null) {
                throw next.problem();
            }
            if (next == null && !reader.isAlive() && queue.isEmpty()) {
                throw new IllegalStateException("Expected the reader to end the queue, but it died before");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected to wait for the reader, but was interrupted", e);
        }
    }

    /** Returns how much of the source has been read, from 0 to 1; negative if unknown. */
    double fraction() {
        return fraction;
    }

    /**
     * Returns the source. Call its methods about what was read only after the end of the source: until then, the reader
     * thread changes the counts.
     */
    PastDeliveries past() {
        return past;
    }

    @Override
    public void close() {
        reader.interrupt();
        try {
            reader.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        past.close();
    }
}
