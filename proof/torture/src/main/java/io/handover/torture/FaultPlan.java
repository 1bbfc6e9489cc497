package io.handover.torture;

import io.handover.terminal.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The faults of a run: their kinds, times and victims. The same seed and duration give the same plan.
 *
 * @param faults ordered by time
 */
record FaultPlan(List<Fault> faults) {

    /** The time from the beginning of the load to the first fault. */
    private static final Duration LEAD_IN = Duration.ofSeconds(2);

    /** The kinds of faults in every run, even in the shortest. The shortest run also freezes or cuts off an app. */
    private static final Set<FaultKind> ALWAYS =
            EnumSet.of(FaultKind.KILL_APP, FaultKind.KILL_BROKER, FaultKind.KILL_BRIDGE);

    private static final List<String> LED = List.of("handover-events", "__transaction_state");
    private static final int PARTITIONS = 4;

    FaultPlan {
        faults = List.copyOf(faults);
    }

    /**
     * A fault.
     *
     * @param at the time since the load began; the fault is later if the processes have not recovered from the previous
     *     one
     * @param victim for an app, its number from 0; for a broker, the number of a partition that it leads; otherwise 0
     */
    record Fault(Duration at, FaultKind kind, int victim) {

        /** For a broker, the topic of the partition that it leads. */
        String topic() {
            return LED.get(victim / PARTITIONS);
        }

        /** For a broker, the number of that partition in its topic. */
        int partition() {
            return victim % PARTITIONS;
        }

        /** Describes the processes that are hit. */
        String target() {
            return switch (kind) {
                case KILL_APP, FREEZE_APP, CUT_APP -> "app-" + (victim + 1);
                case KILL_BROKER -> "the leader of " + topic() + "-" + partition();
                case KILL_BRIDGE, CUT_BRIDGE -> "bridge";
                case CUT_APPS -> "app-1, app-2";
                case RESTART_ALL -> "brokers, apps, bridge";
            };
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%6.1f s  %s: %s, for %s",
                    at.toMillis() / 1_000.0,
                    kind.title(),
                    target(),
                    DurationText.brief(kind.lasts()));
        }
    }

    /** The shortest duration of a load for which there is a plan. */
    static Duration shortest() {
        Duration app = longer(FaultKind.FREEZE_APP, FaultKind.CUT_APP);
        return ALWAYS.stream().map(FaultKind::slot).reduce(LEAD_IN.plus(app), Duration::plus);
    }

    private static Duration longer(FaultKind one, FaultKind other) {
        return one.slot().compareTo(other.slot()) > 0 ? one.slot() : other.slot();
    }

    /** Plans the faults of a load of this duration: every kind once in random order, then again while there is time. */
    static FaultPlan of(long seed, Duration load) {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        Duration at = LEAD_IN;
        List<FaultKind> round = firstRound(random, load);
        boolean added = true;
        while (added) {
            added = false;
            for (FaultKind kind : round) {
                if (at.plus(kind.slot()).compareTo(load) <= 0) {
                    faults.add(new Fault(at, kind, victim(kind, random)));
                    at = at.plus(kind.slot());
                    added = true;
                }
            }
            round = shuffled(EnumSet.allOf(FaultKind.class), random);
        }
        return new FaultPlan(faults);
    }

    /**
     * Returns all kinds in random order. If the load is too short for all kinds, the kinds that every run needs are
     * first.
     */
    private static List<FaultKind> firstRound(Random random, Duration load) {
        Duration whole =
                EnumSet.allOf(FaultKind.class).stream().map(FaultKind::slot).reduce(LEAD_IN, Duration::plus);
        if (whole.compareTo(load) <= 0) {
            return shuffled(EnumSet.allOf(FaultKind.class), random);
        }
        Set<FaultKind> first = EnumSet.copyOf(ALWAYS);
        first.add(random.nextBoolean() ? FaultKind.FREEZE_APP : FaultKind.CUT_APP);
        List<FaultKind> round = shuffled(first, random);
        round.addAll(shuffled(EnumSet.complementOf(EnumSet.copyOf(first)), random));
        return round;
    }

    private static List<FaultKind> shuffled(Set<FaultKind> kinds, Random random) {
        List<FaultKind> list = new ArrayList<>(kinds);
        Collections.shuffle(list, random);
        return list;
    }

    private static int victim(FaultKind kind, Random random) {
        return switch (kind) {
            case KILL_APP, FREEZE_APP, CUT_APP -> random.nextInt(Deployment.APPS);
            case KILL_BROKER -> random.nextInt(LED.size() * PARTITIONS);
            case KILL_BRIDGE, CUT_BRIDGE, CUT_APPS, RESTART_ALL -> 0;
        };
    }

    /** Describes the plan, one fault per line. */
    @Override
    public String toString() {
        return faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
    }
}
