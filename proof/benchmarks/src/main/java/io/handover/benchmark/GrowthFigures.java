package io.handover.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What it costs to remember a number of conversations.
 *
 * @param diskBytes bytes of local state per conversation
 * @param changelogBytes bytes of the changelogs per conversation after compaction, before any event was only noted
 * @param idleCpu CPU of the app without traffic, as a share of one processor
 * @param noted the CPU per noted event, one per round
 * @param withState starts of an app that has its local state, one per round
 * @param withoutState starts of an app that must restore it, one per round
 * @param takeoverSeconds from the signal that stops an app until another one, which has standby replicas, has noted events of
 *     all partitions
 */
record GrowthFigures(
        int conversations,
        double diskBytes,
        double changelogBytes,
        double idleCpu,
        List<Noted> noted,
        List<Start> withState,
        List<Start> withoutState,
        double takeoverSeconds) {

    private static final double PERCENT = 100;

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

    /** RocksDB merges files in some rounds only, and a median would leave that out. */
    private double mean(ToDoubleFunction<Noted> cpuUs) {
        return noted.stream().mapToDouble(cpuUs).average().orElseThrow();
    }

    /** The result as a text: a line per number of conversations, and the ratios of the means to the first line. */
    static String text(List<GrowthFigures> all) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%13s  %-26s  %-15s  %-6s  %-19s  %-26s  %-35s  %s%n",
                "conversations",
                "CPU us/noted (min med max)",
                "mean; of broker",
                "idle",
                "bytes: disk, log",
                "s to start (min med max)",
                "without state (min med max; CPU s)",
                "s to take over"));
        for (GrowthFigures one : all) {
            text.append(String.format(
                    Locale.ROOT,
                    "%,13d  %s  %7.1f %7.1f  %4.1f %%  %9.0f %9.0f  %s  %s (%.1f)  %14.1f%n",
                    one.conversations,
                    Spread.of(one.noted, Noted::cpuUs).text("%8.1f"),
                    one.mean(Noted::cpuUs),
                    one.mean(Noted::brokerCpuUs),
                    one.idleCpu * PERCENT,
                    one.diskBytes,
                    one.changelogBytes,
                    Spread.of(one.withState, Start::seconds).text("%8.1f"),
                    Spread.of(one.withoutState, Start::seconds).text("%8.1f"),
                    Spread.of(one.withoutState, Start::cpuSeconds).median(),
                    one.takeoverSeconds));
        }
        GrowthFigures first = all.get(0);
        for (GrowthFigures other : all.subList(1, all.size())) {
            text.append(String.format(
                    Locale.ROOT,
                    "%,d / %,d: CPU per noted event %.2f, of the app alone %.2f%n",
                    other.conversations,
                    first.conversations,
                    other.mean(Noted::cpuUs) / first.mean(Noted::cpuUs),
                    other.mean(Noted::ownCpuUs) / first.mean(Noted::ownCpuUs)));
        }
        return text.toString();
    }
}
