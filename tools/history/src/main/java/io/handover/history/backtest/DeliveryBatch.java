package io.handover.history.backtest;

import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import org.jspecify.annotations.Nullable;

/** Consecutive deliveries of a log, each with its stream time. */
final class DeliveryBatch {

    static final int SIZE = 16_384;

    private final PastDelivery[] deliveries = new PastDelivery[SIZE];
    private final long[] times = new long[SIZE];
    private final long firstNumber;
    private int size;

    private DeliveryBatch(long firstNumber) {
        this.firstNumber = firstNumber;
    }

    /** Reads the next batch; null at the end of the log. */
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

    /** The number of a delivery in the log. */
    long number(int i) {
        return firstNumber + i;
    }

    /** The stream time of the last delivery. */
    long end() {
        return times[size - 1];
    }
}
