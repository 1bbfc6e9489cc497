package io.handover.history.backtest;

import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import org.jspecify.annotations.Nullable;

/** A batch of consecutive deliveries, each with its stream time. */
final class DeliveryBatch {

    /**
     * A batch lives until it is folded. With a larger one, the garbage collector would copy deliveries that are almost
     * done.
     */
    private static final int SIZE = 1_024;

    /** How many deliveries lead to the commands that are sorted together. A multiple of the size of a batch. */
    private static final int WINDOW = 16 * SIZE;

    private final PastDelivery[] deliveries = new PastDelivery[SIZE];
    private final long[] times = new long[SIZE];
    private final long firstNumber;
    private int size;

    private DeliveryBatch(long firstNumber) {
        this.firstNumber = firstNumber;
    }

    /**
     * Reads the next batch.
     *
     * @param firstNumber the number of its first delivery
     * @return null at the end of the log
     */
    static @Nullable DeliveryBatch next(PastDeliveries past, long firstNumber) {
        DeliveryBatch batch = new DeliveryBatch(firstNumber);
        while (batch.size < SIZE) {
            PastDelivery delivery = past.next();
            if (delivery == null) {
                break;
            }
            batch.deliveries[batch.size] = delivery;
            batch.times[batch.size] = past.time();
            batch.size++;
        }
        return batch.size == 0 ? null : batch;
    }

    int size() {
        return size;
    }

    PastDelivery delivery(int i) {
        return deliveries[i];
    }

    long timeAt(int i) {
        return times[i];
    }

    /** Returns the number of a delivery in the whole log, counted from 0. */
    long number(int i) {
        return firstNumber + i;
    }

    /** Returns whether the commands are written after this batch. The order of commands does not depend on the batch size. */
    boolean endsWindow() {
        return (firstNumber + size) % WINDOW == 0;
    }

    /** Returns the stream time of the last delivery, epoch ms. */
    long end() {
        return times[size - 1];
    }
}
