package io.handover.ingress;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts and limits three things: unanswered requests, bytes of bodies in memory, and slots. A delivery needs a slot
 * while it waits for Kafka.
 *
 * <p>Only the received bytes of a body count, and a slot is acquired only after the body is complete. So a sender of
 * one byte per second uses almost no capacity.
 */
final class Capacity {

    private final long maxRequests;
    private final long maxBytes;
    private final long maxSlots;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong slots = new AtomicLong();

    Capacity(long maxRequests, long maxBytes, long maxSlots) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
        this.maxSlots = maxSlots;
    }

    void requestStarted() {
        requests.incrementAndGet();
    }

    void requestAnswered() {
        requests.decrementAndGet();
    }

    /**
     * Whether more requests are unanswered than allowed. The limit on connections is not enough, because one HTTP/2
     * connection can have many requests.
     */
    boolean hasTooManyRequests() {
        return requests.get() > maxRequests;
    }

    /** Reserves memory for body bytes. If the limit would be exceeded, reserves nothing and returns false. */
    boolean tryAcquireBytes(int count) {
        return tryAcquire(bytes, count, maxBytes);
    }

    void releaseBytes(long count) {
        bytes.addAndGet(-count);
    }

    /** Acquires a slot for a delivery that waits for Kafka. Returns false if all slots are in use. */
    boolean tryAcquireSlot() {
        return tryAcquire(slots, 1, maxSlots);
    }

    void releaseSlot() {
        slots.decrementAndGet();
    }

    private static boolean tryAcquire(AtomicLong acquired, long count, long max) {
        if (acquired.addAndGet(count) > max) {
            acquired.addAndGet(-count);
            return false;
        }
        return true;
    }
}
