package io.handover.ingress;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What deliveries may take up at once: bytes of bodies in memory, and places in front of Kafka. Bytes count when they have
 * come and a place is taken when the body is complete, so a sender of one byte a second holds next to nothing of either.
 */
final class Capacity {

    private final long bytesMax;
    private final long placesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong places = new AtomicLong();

    Capacity(long bytesMax, long placesMax) {
        this.bytesMax = bytesMax;
        this.placesMax = placesMax;
    }

    /** Whether so many bytes more may be kept; if so, they are taken. */
    boolean tryAcquireBytes(int count) {
        return take(bytes, count, bytesMax);
    }

    void releaseBytes(long count) {
        bytes.addAndGet(-count);
    }

    /** Whether one more may wait for Kafka; if so, its place is taken. */
    boolean tryAcquireSlot() {
        return take(places, 1, placesMax);
    }

    void releaseSlot() {
        places.decrementAndGet();
    }

    private static boolean take(AtomicLong taken, long count, long max) {
        if (taken.addAndGet(count) > max) {
            taken.addAndGet(-count);
            return false;
        }
        return true;
    }
}
