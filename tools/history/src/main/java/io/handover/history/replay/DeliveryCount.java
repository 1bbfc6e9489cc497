package io.handover.history.replay;

import io.handover.history.sources.PastDeliveries;
import java.time.Instant;
import java.util.Locale;

/** Counts deliveries, and keeps the times of the first and the last delivery. */
final class DeliveryCount {

    private long count;
    private long first;
    private long last;

    /** @param time when the delivery arrived, epoch ms */
    void add(long time) {
        first = count == 0 ? time : first;
        last = time;
        count++;
    }

    long count() {
        return count;
    }

    /** Returns the time of the last delivery for {@link io.handover.terminal.Progress}; empty before the first. */
    String reached() {
        return count == 0 ? "" : "at " + Instant.ofEpochMilli(last);
    }

    /** Returns a text such as {@code 1,234 deliveries (2026-01-15T10:00:00Z to 2026-01-15T11:00:00Z)}. */
    @Override
    public String toString() {
        return number(count)
                + (count == 1 ? " delivery" : " deliveries")
                + (count == 0 ? "" : " (" + Instant.ofEpochMilli(first) + " to " + Instant.ofEpochMilli(last) + ")");
    }

    /**
     * Returns a text about the unwanted and the unreadable deliveries, such as {@code ; 12 unwanted left out}; empty if
     * there are none.
     */
    static String leftOut(PastDeliveries past) {
        StringBuilder text = new StringBuilder();
        if (past.unwanted() > 0) {
            text.append("; ").append(number(past.unwanted())).append(" unwanted left out");
        }
        if (past.broken() > 0) {
            text.append("; ").append(number(past.broken())).append(" unreadable written to ");
            text.append(past.brokenFile());
        }
        return text.toString();
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
