package io.handover.history.replay;

import io.handover.history.sources.PastDeliveries;
import java.time.Instant;
import java.util.Locale;

/** How many deliveries, and of which time. */
final class DeliveryCount {

    private long count;
    private long first;
    private long last;

    /** @param time when it arrived, or the time of the log by then; epoch ms */
    void add(long time) {
        first = count == 0 ? time : first;
        last = time;
        count++;
    }

    long count() {
        return count;
    }

    /** How far it is, for those who wait; empty before the first. */
    String reached() {
        return count == 0 ? "" : "at " + Instant.ofEpochMilli(last);
    }

    /** {@code 1,234 deliveries of 2026-01-15T10:00:00Z to 2026-01-15T11:00:00Z}. */
    @Override
    public String toString() {
        return number(count)
                + (count == 1 ? " delivery" : " deliveries")
                + (count == 0 ? "" : " of " + Instant.ofEpochMilli(first) + " to " + Instant.ofEpochMilli(last));
    }

    /** What else there was: {@code ; 12 that nothing wants are left out}. */
    static String others(PastDeliveries past) {
        StringBuilder text = new StringBuilder();
        if (past.unwanted() > 0) {
            text.append("; ").append(number(past.unwanted())).append(" that nothing wants are left out");
        }
        if (past.broken() > 0) {
            text.append("; ").append(number(past.broken())).append(" that cannot be read are in ");
            text.append(past.brokenFile());
        }
        return text.toString();
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
