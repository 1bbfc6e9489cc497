package io.handover.torture;

import io.handover.reference.Rules;
import io.handover.reference.UnreliableDelivery;
import io.handover.traffic.Tempo;
import java.time.Duration;

/**
 * The times of a run: how fast the people act, and timeouts of the product that suit this tempo.
 *
 * @param rules the timeouts and the other decision settings of the product
 * @param tempo how fast the people act; most handovers begin later than the longest timeout after the previous one
 * @param delivery how late deliveries are: first deliveries within the out-of-order grace, duplicates later
 */
record RunTimes(Rules rules, Tempo tempo, UnreliableDelivery delivery) {

    /** The longest delay of a first delivery without faults. It is shorter than the out-of-order grace. */
    private static final long MOST_DELAY_MS = 1_900;

    private static final Duration LONG = Duration.ofMinutes(2);

    /** For usual runs: conversations last about half a minute. */
    private static final RunTimes USUAL = new RunTimes(
            new Rules(2_000, 8_000, 12_000, true, true, 120_000, 40_000),
            new Tempo(3_000, 2_000, 6_000, 6_000, 14_000),
            UnreliableDelivery.within(MOST_DELAY_MS, 40_000));

    /** For runs of about a minute. With the usual times, such a run would mostly wait for its last deadlines. */
    private static final RunTimes HURRIED = new RunTimes(
            new Rules(2_000, 4_000, 5_000, true, true, 30_000, 12_000),
            new Tempo(1_000, 1_000, 2_500, 2_500, 8_000),
            UnreliableDelivery.within(MOST_DELAY_MS, 8_000));

    /** Returns the times for a load of this duration. */
    static RunTimes of(Duration load) {
        return load.compareTo(LONG) < 0 ? HURRIED : USUAL;
    }

    /** The time after which the product asks again for an agent. */
    long profileRefreshMs() {
        return rules.profileRetentionMs() / 4;
    }

    /** The longest time after which something is decided without an event: the retention outlasts every hold. */
    long longestTimeoutMs() {
        return rules.retentionMs();
    }
}
