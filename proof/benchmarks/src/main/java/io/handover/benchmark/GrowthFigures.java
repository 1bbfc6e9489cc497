package io.handover.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What it costs to remember a number of conversations.
 *
 * @param diskBytes bytes of local state per conversation
 * @param withState the start of an app that has its local state
 * @param withoutState the start of an app that must restore it
 * @param takeoverSeconds from the signal that stops an app until another one, which has standby replicas, has noted events of
 *     all partitions
 */
record GrowthFigures(
        int conversations,
        Steady steady,
        double diskBytes,
        Start withState,
        Start withoutState,
        double takeoverSeconds) {

    private static final double PERCENT = 100;

    /**
     * The app while it runs.
     *
     * @param changelogBytes bytes of the changelogs per conversation after compaction, before any event was only noted
     * @param idleCpu CPU of the app without traffic, as a share of one processor
     * @param noted the CPU per noted event, one per round
     * @param foreign see {@link Machine#foreign}
     */
    record Steady(double changelogBytes, double idleCpu, List<Noted> noted, double foreign) {}

    /**
     * One round of noted events.
     *
     * @param ownCpuUs CPU of the app per event, in microseconds
     * @param brokerCpuUs CPU of the broker per event, in microseconds
     */
    record Noted(double ownCpuUs, double brokerCpuUs) {

        double cpuUs() {
            return ownCpuUs + brokerCpuUs;
        }
    }

    /**
     * One start.
     *
     * @param seconds from the start of the process until it is ready
     * @param cpuSeconds CPU of the app meanwhile
     */
    record Start(double seconds, double cpuSeconds) {}

    private double median(ToDoubleFunction<Noted> cpuUs) {
        return Spread.of(steady.noted(), cpuUs).median();
    }

    /** The result as a text: a line per number of conversations, and the ratios to the first line. */
    static String text(List<GrowthFigures> all) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%13s  %-26s  %-9s  %-6s  %-19s  %-10s  %-19s  %s%n",
                "conversations",
                "CPU us/noted (min med max)",
                "of broker",
                "idle",
                "bytes: disk, log",
                "s to start",
                "without local state",
                "s to take over"));
        for (GrowthFigures one : all) {
            text.append(String.format(
                    Locale.ROOT,
                    "%,13d  %s  %9.1f  %4.1f %%  %9.0f %9.0f  %10.1f  %-19s  %.1f%n",
                    one.conversations,
                    Spread.of(one.steady.noted(), Noted::cpuUs).text("%8.1f"),
                    Spread.of(one.steady.noted(), Noted::brokerCpuUs).median(),
                    one.steady.idleCpu() * PERCENT,
                    one.diskBytes,
                    one.steady.changelogBytes(),
                    one.withState.seconds(),
                    String.format(
                            Locale.ROOT, "%.1f (CPU %.1f)", one.withoutState.seconds(), one.withoutState.cpuSeconds()),
                    one.takeoverSeconds()));
        }
        GrowthFigures first = all.get(0);
        for (GrowthFigures other : all.subList(1, all.size())) {
            text.append(String.format(
                    Locale.ROOT,
                    "%,d / %,d: CPU per noted event %.2f, of the app alone %.2f%n",
                    other.conversations,
                    first.conversations,
                    other.median(Noted::cpuUs) / first.median(Noted::cpuUs),
                    other.median(Noted::ownCpuUs) / first.median(Noted::ownCpuUs)));
        }
        return text.toString();
    }

    static double foreign(List<GrowthFigures> all) {
        return all.stream().mapToDouble(one -> one.steady.foreign()).max().orElse(0);
    }
}
