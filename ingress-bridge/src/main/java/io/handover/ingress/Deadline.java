package io.handover.ingress;

/** Runs an action at a later time, unless it is cancelled. A deadline belongs to one event loop. */
final class Deadline {

    private final Runnable action;

    /** The neighbours in the {@link DeadlineQueue}. A deadline that is not in a queue is its own neighbour. */
    private Deadline previous = this;

    private Deadline next = this;
    private long dueNanos;

    Deadline(Runnable action) {
        this.action = action;
    }

    /** Does nothing if the deadline has not started, or is over. */
    void cancel() {
        previous.next = next;
        next.previous = previous;
        previous = this;
        next = this;
    }

    /** Puts this deadline before another one, and so at the end of the queue that the other one begins. */
    void insertBefore(Deadline other, long due) {
        cancel();
        dueNanos = due;
        previous = other.previous;
        next = other;
        previous.next = this;
        other.previous = this;
    }

    Deadline next() {
        return next;
    }

    long dueNanos() {
        return dueNanos;
    }

    void expire() {
        cancel();
        action.run();
    }
}
