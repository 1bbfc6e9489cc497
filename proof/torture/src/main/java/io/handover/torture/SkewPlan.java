package io.handover.torture;

import io.handover.terminal.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * The wrong clocks of a run: by how much each client differs from the brokers, and when that changes. The same seed and
 * duration give the same plan.
 *
 * @param changes ordered by time; the first change of each client is at its start
 */
record SkewPlan(List<Change> changes) {

    static final Duration MOST = Duration.ofSeconds(30);

    private static final int SHORTEST_MS = 6_000;
    private static final int LONGEST_MS = 14_000;

    SkewPlan {
        changes = List.copyOf(changes);
    }

    /**
     * Sets the clock of a client.
     *
     * @param at the time since the load began
     * @param skew how far the clock is ahead of the brokers' clock; negative if behind
     */
    record Change(Duration at, String client, Duration skew) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%6.1f s  clock of %s: %+.1f s",
                    at.toMillis() / 1_000.0,
                    client,
                    skew.toMillis() / 1_000.0);
        }
    }

    /** Plans the clocks of these clients for a load of this duration. */
    static SkewPlan of(long seed, Duration load, List<String> clients) {
        if (clients.isEmpty()) {
            return new SkewPlan(List.of());
        }
        Random random = new Random(seed);
        List<Change> changes = new ArrayList<>();
        clients.forEach(client -> changes.add(new Change(Duration.ZERO, client, skew(random))));
        Duration at = pause(random);
        while (at.compareTo(load) < 0) {
            changes.add(new Change(at, clients.get(random.nextInt(clients.size())), skew(random)));
            at = at.plus(pause(random));
        }
        return new SkewPlan(changes);
    }

    private static Duration skew(Random random) {
        int most = (int) MOST.toMillis();
        return Duration.ofMillis(random.nextInt(2 * most + 1) - most);
    }

    private static Duration pause(Random random) {
        return Duration.ofMillis(SHORTEST_MS + random.nextInt(LONGEST_MS - SHORTEST_MS));
    }

    /** Sets the clocks with which the clients start. */
    void begin(Map<String, FakeClock> clocks) {
        changes.stream().filter(change -> change.at().isZero()).forEach(change -> apply(change, clocks));
    }

    /** Makes the other changes at their times, from now on, until the last or until a stop request. */
    void run(Map<String, FakeClock> clocks, StopSignal stop) {
        long began = System.nanoTime();
        for (Change change : changes) {
            if (stop.await(change.at().minus(Duration.ofNanos(System.nanoTime() - began)))) {
                return;
            }
            apply(change, clocks);
        }
    }

    private static void apply(Change change, Map<String, FakeClock> clocks) {
        FakeClock clock = clocks.get(change.client());
        if (clock != null) {
            clock.set(change.skew());
        }
    }

    /** Describes the plan, one change per line. */
    @Override
    public String toString() {
        return changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
    }
}
