package io.handover.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One round of a contender under paced traffic. CPU is a share of one processor.
 *
 * @param latenciesMs from the POST until the consumer has the record, sorted
 * @param foreign see {@link Machine#foreign}
 */
record LatencyFigures(List<Double> latenciesMs, Cpu loaded, Cpu idle, double foreign) {

    private static final double PERCENT = 100;
    private static final double P50 = 0.5;
    private static final double P90 = 0.9;
    private static final double P99 = 0.99;

    /** The CPU of each process: seconds, or a share of one processor. */
    record Cpu(double own, double bridge, double broker) {

        /** The share of one processor that was used since {@code before}. */
        Cpu share(Cpu before, double seconds) {
            return new Cpu(
                    (own - before.own) / seconds,
                    (bridge - before.bridge) / seconds,
                    (broker - before.broker) / seconds);
        }

        double sum() {
            return own + bridge + broker;
        }
    }

    private double latency(double share) {
        return latenciesMs.get((int) Math.ceil((latenciesMs.size() - 1) * share));
    }

    /** The result as a text: a line per contender with the median of its rounds, and the ratios. */
    static String text(Map<Contender, List<LatencyFigures>> all) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%-12s  %6s  %6s  %6s  %6s  %s%n",
                "ms",
                "p50",
                "p90",
                "p99",
                "max",
                "% of a core: own, bridge, broker; idle"));
        all.forEach((contender, rounds) -> text.append(String.format(
                Locale.ROOT,
                "%-12s  %6.1f  %6.1f  %6.1f  %6.1f  %16.1f %7.1f %7.1f; %4.1f %4.1f %4.1f%n",
                contender.label(),
                median(rounds, round -> round.latency(P50)),
                median(rounds, round -> round.latency(P90)),
                median(rounds, round -> round.latency(P99)),
                Spread.of(rounds, round -> round.latency(1)).most(),
                percent(rounds, round -> round.loaded.own()),
                percent(rounds, round -> round.loaded.bridge()),
                percent(rounds, round -> round.loaded.broker()),
                percent(rounds, round -> round.idle.own()),
                percent(rounds, round -> round.idle.bridge()),
                percent(rounds, round -> round.idle.broker()))));
        List<LatencyFigures> app = all.get(Contender.APP);
        List<LatencyFigures> floor = all.get(Contender.FLOOR);
        if (app != null && floor != null) {
            text.append(String.format(
                    Locale.ROOT,
                    "streams-app / floor: p50 %.2f, p99 %.2f, CPU %.2f%n",
                    median(app, round -> round.latency(P50)) / median(floor, round -> round.latency(P50)),
                    median(app, round -> round.latency(P99)) / median(floor, round -> round.latency(P99)),
                    median(app, round -> round.loaded.own()) / median(floor, round -> round.loaded.own())));
        }
        return text.toString();
    }

    static double foreign(Map<Contender, List<LatencyFigures>> all) {
        return all.values().stream()
                .flatMap(List::stream)
                .mapToDouble(LatencyFigures::foreign)
                .max()
                .orElse(0);
    }

    private static double percent(List<LatencyFigures> rounds, ToDoubleFunction<LatencyFigures> share) {
        return PERCENT * median(rounds, share);
    }

    private static double median(List<LatencyFigures> rounds, ToDoubleFunction<LatencyFigures> figure) {
        return Spread.of(rounds, figure).median();
    }
}
