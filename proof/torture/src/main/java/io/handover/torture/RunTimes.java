package io.handover.torture;

import io.handover.reference.Rules;
import io.handover.reference.UnreliableDelivery;
import io.handover.traffic.Tempo;
import java.time.Duration;

/**
 * The times of a run: those of the people, and the timeouts of the product to suit them.
 *
 * @param rules the settings of the product
 * @param tempo the times of the people; the next handover begins later than the longest timeout after the one before
 * @param delivery how late deliveries are: out of order within the grace, duplicates later
 */
record RunTimes(Rules rules, Tempo tempo, UnreliableDelivery delivery) {

    /** Less than the grace. Faults delay deliveries further. */
    private static final long MOST_DELAY_MS = 1_900;

    private static final Duration LONG = Duration.ofMinutes(2);

    /** Conversations of about half a minute, with time for a takeover between an event and its deadline. */
    private static final RunTimes USUAL = new RunTimes(
            new Rules(2_000, 8_000, 12_000, true, true),
            new Tempo(3_000, 2_000, 6_000, 6_000, 14_000),
            UnreliableDelivery.within(MOST_DELAY_MS, 40_000));

    /** For a run of a minute, which would otherwise wait for its end most of the time. */
    private static final RunTimes HURRIED = new RunTimes(
            new Rules(2_000, 4_000, 5_000, true, true),
            new Tempo(1_000, 1_000, 2_500, 2_500, 6_000),
            UnreliableDelivery.within(MOST_DELAY_MS, 8_000));

    /** Returns the times for a load of that duration. */
    static RunTimes of(Duration load) {
        return load.compareTo(LONG) < 0 ? HURRIED : USUAL;
    }

    /** The longest hold. */
    long longestTimeoutMs() {
        return Math.max(rules.graceMs(), Math.max(rules.transferTimeoutMs(), rules.afterCallWorkTimeoutMs()));
    }
}
