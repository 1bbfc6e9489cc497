package io.handover.torture;

import io.handover.reference.Rules;
import io.handover.reference.UnreliableDelivery;
import io.handover.traffic.Tempo;
import java.time.Duration;

/**
 * How fast everything goes in a run: people, and so the time-outs of the product.
 *
 * @param rules what the product is told
 * @param tempo how fast people are; a handover is over for longer than the longest time-out before the next one
 * @param delivery how badly it is delivered: out of order within the grace, duplicates later
 */
record RunTimes(Rules rules, Tempo tempo, UnreliableDelivery delivery) {

    /** Less than the grace; the faults add what they add. */
    private static final long MOST_DELAY_MS = 1_900;

    private static final Duration LONG = Duration.ofMinutes(2);

    /** Conversations of half a minute or so, with time for a takeover between an event and its deadline. */
    private static final RunTimes USUAL = new RunTimes(
            new Rules(2_000, 8_000, 12_000, true, true),
            new Tempo(3_000, 2_000, 6_000, 6_000, 14_000),
            UnreliableDelivery.within(MOST_DELAY_MS, 40_000));

    /** For a run of a minute, most of which would else be waiting for its end. */
    private static final RunTimes HURRIED = new RunTimes(
            new Rules(2_000, 4_000, 5_000, true, true),
            new Tempo(1_000, 1_000, 2_500, 2_500, 6_000),
            UnreliableDelivery.within(MOST_DELAY_MS, 8_000));

    /** What suits so long a load. */
    static RunTimes of(Duration load) {
        return load.compareTo(LONG) < 0 ? HURRIED : USUAL;
    }

    /** The longest that anything is held. */
    long longestTimeoutMs() {
        return Math.max(rules.graceMs(), Math.max(rules.transferTimeoutMs(), rules.afterCallWorkTimeoutMs()));
    }
}
