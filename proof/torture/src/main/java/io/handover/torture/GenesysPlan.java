package io.handover.torture;

import io.handover.terminal.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The troubles of Genesys in a run: every trouble once in random order, then again, with pauses between them. They do not
 * wait for the faults of the other processes. The same seed and duration give the same plan.
 *
 * @param changes ordered by time
 */
record GenesysPlan(List<Change> changes) {

    private static final int SHORTEST_MS = 3_000;
    private static final int LONGEST_MS = 6_000;
    private static final int SHORTEST_PAUSE_MS = 1_000;
    private static final int LONGEST_PAUSE_MS = 4_000;

    GenesysPlan {
        changes = List.copyOf(changes);
    }

    /**
     * Begins a trouble, or ends one.
     *
     * @param at the time since the load began
     */
    record Change(Duration at, GenesysTrouble trouble) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%6.1f s  Genesys: %s", at.toMillis() / 1_000.0, trouble.title());
        }
    }

    /** Plans the troubles of a load of this duration. The last one ends before the load does. */
    static GenesysPlan of(long seed, Duration load) {
        Random random = new Random(seed);
        List<Change> changes = new ArrayList<>();
        List<GenesysTrouble> round = new ArrayList<>();
        Duration begin = between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS, random);
        Duration end = begin.plus(between(SHORTEST_MS, LONGEST_MS, random));
        while (end.compareTo(load) < 0) {
            if (round.isEmpty()) {
                round.addAll(EnumSet.complementOf(EnumSet.of(GenesysTrouble.NONE)));
                Collections.shuffle(round, random);
            }
            changes.add(new Change(begin, round.remove(0)));
            changes.add(new Change(end, GenesysTrouble.NONE));
            begin = end.plus(between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS, random));
            end = begin.plus(between(SHORTEST_MS, LONGEST_MS, random));
        }
        return new GenesysPlan(changes);
    }

    private static Duration between(int leastMs, int mostMs, Random random) {
        return Duration.ofMillis(leastMs + random.nextInt(mostMs - leastMs));
    }

    /** Makes the changes at their times, from now on, until the last or until a stop request. */
    void run(Consumer<GenesysTrouble> genesys, StopSignal stop) {
        long began = System.nanoTime();
        for (Change change : changes) {
            if (stop.await(change.at().minus(Duration.ofNanos(System.nanoTime() - began)))) {
                return;
            }
            genesys.accept(change.trouble());
        }
    }

    /** Describes the plan, one change per line. */
    @Override
    public String toString() {
        return changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
    }
}
