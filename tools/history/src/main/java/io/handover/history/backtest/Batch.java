package io.handover.history.backtest;

import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import org.jspecify.annotations.Nullable;

/** Deliveries that follow each other, with the time of the log when each was read. */
final class Batch {

    static final int SIZE = 16_384;

    private final PastDelivery[] deliveries = new PastDelivery[SIZE];
    private final long[] times = new long[SIZE];
    private final long firstNumber;
    private int size;

    private Batch(long firstNumber) {
        this.firstNumber = firstNumber;
    }

    /** The next of them; null at the end. */
    static @Nullable Batch next(PastDeliveries past, long firstNumber) {
        Batch batch = new Batch(firstNumber);
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

    /** Counted over all batches. */
    long number(int i) {
        return firstNumber + i;
    }

    long end() {
        return times[size - 1];
    }
}
