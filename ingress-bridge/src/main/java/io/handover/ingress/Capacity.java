package io.handover.ingress;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The limits on concurrent requests: unanswered requests, bytes of bodies in memory, and slots for deliveries that wait
 * for Kafka. A body counts with the bytes received so far, and a slot is acquired only when the body is complete. So a
 * sender of one byte per second occupies almost nothing.
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

    /** Whether more requests are unanswered than allowed. One HTTP/2 connection can have many of them. */
    boolean hasTooManyRequests() {
        return requests.get() > maxRequests;
    }

    /** Reserves memory for body bytes. Returns false, and reserves nothing, if the limit would be exceeded. */
    boolean tryAcquireBytes(int count) {
        return tryAcquire(bytes, count, maxBytes);
    }

    void releaseBytes(long count) {
        bytes.addAndGet(-count);
    }

    /** Acquires a slot to wait for Kafka. Returns false if all slots are in use. */
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
