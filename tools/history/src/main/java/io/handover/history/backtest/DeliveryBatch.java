package io.handover.history.backtest;

import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import org.jspecify.annotations.Nullable;

/** A batch of consecutive deliveries, each with its stream time. */
final class DeliveryBatch {

    static final int SIZE = 16_384;

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

    /** Returns the stream time of the last delivery, epoch ms. */
    long end() {
        return times[size - 1];
    }
}
