package io.handover.conversation.fold;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The timers of a partition, ordered by deadline. They are not stored: each is a part of a state, so a store arms them
 * again when it opens. Two timers of one conversation with the same deadline are one.
 */
public final class Timers {

    private final TreeSet<Timer> timers = new TreeSet<>();

    /** The deadline of the first timer. */
    private long earliest = Long.MAX_VALUE;

    public void arm(Timer timer) {
        timers.add(timer);
        earliest = Math.min(earliest, timer.deadline());
    }

    public void disarm(Timer timer) {
        timers.remove(timer);
        findEarliest();
    }

    private void findEarliest() {
        earliest = timers.isEmpty() ? Long.MAX_VALUE : timers.first().deadline();
    }

    /** The earliest deadline, or {@link Long#MAX_VALUE} without one. */
    public long earliest() {
        return earliest;
    }

    /** Whether a timer is due at this time. */
    public boolean isDue(long time) {
        return earliest <= time && earliest != Long.MAX_VALUE;
    }

    /**
     * Removes the timers that are due at this time, and returns them, earliest first.
     *
     * @param max the highest number of timers to remove
     */
    public List<Timer> removeDue(long time, int max) {
        List<Timer> due = new ArrayList<>();
        while (isDue(time) && due.size() < max) {
            due.add(timers.pollFirst());
            findEarliest();
        }
        return due;
    }
}
