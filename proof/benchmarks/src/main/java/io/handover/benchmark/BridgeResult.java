package io.handover.benchmark;

import io.handover.benchmark.BridgeBenchmark.Mode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The figures of all rounds. */
final class BridgeResult {

    private static final String RATIO = "%.2f";

    private final Map<Mode, Map<Endpoint, List<BridgeFigures>>> all = new EnumMap<>(Mode.class);

    void add(Endpoint endpoint, Mode mode, BridgeFigures figures) {
        all.computeIfAbsent(mode, key -> new EnumMap<>(Endpoint.class))
                .computeIfAbsent(endpoint, key -> new ArrayList<>())
                .add(figures);
    }

    double foreign() {
        return all.values().stream()
                .flatMap(endpoints -> endpoints.values().stream())
                .flatMap(List::stream)
                .mapToDouble(BridgeFigures::foreign)
                .max()
                .orElse(0);
    }

    /** The result as a text: a line per endpoint and mode, and the ratios to the bare handler. */
    String text() {
        StringBuilder text = new StringBuilder();
        all.forEach((mode, endpoints) -> {
            text.append(String.format(
                    Locale.ROOT,
                    "%-28s %-24s  %-20s  %-20s  %s%n",
                    mode.label(),
                    "requests/s (min med max)",
                    "CPU us/request, own",
                    "CPU us, broker",
                    "p50 ms, p99 ms"));
            endpoints.forEach((endpoint, rounds) -> text.append(line(endpoint, rounds)));
            List<BridgeFigures> bare = Objects.requireNonNull(endpoints.get(Endpoint.BARE));
            endpoints.forEach((endpoint, rounds) -> {
                if (endpoint != Endpoint.BARE) {
                    text.append(ratios(endpoint, rounds, bare));
                }
            });
            text.append(System.lineSeparator());
        });
        return text.toString();
    }

    private static String line(Endpoint endpoint, List<BridgeFigures> rounds) {
        return String.format(
                Locale.ROOT,
                "%-28s %s   %s     %s     %6.2f  %6.2f%n",
                endpoint.label(),
                Spread.of(rounds, BridgeFigures::perSecond).text("%7.0f"),
                Spread.of(rounds, BridgeFigures::ownCpuUs).text("%5.1f"),
                Spread.of(rounds, BridgeFigures::brokerCpuUs).text("%5.1f"),
                Spread.of(rounds, figures -> figures.load().p50Ms()).median(),
                Spread.of(rounds, figures -> figures.load().p99Ms()).median());
    }

    private static String ratios(Endpoint endpoint, List<BridgeFigures> rounds, List<BridgeFigures> bare) {
        return String.format(
                Locale.ROOT,
                "%s / %s (min med max): rate %s, CPU %s%n",
                endpoint.label(),
                Endpoint.BARE.label(),
                ratio(rounds, bare, BridgeFigures::perSecond).text(RATIO),
                ratio(rounds, bare, BridgeFigures::ownCpuUs).text(RATIO));
    }

    /** The ratios within a round, because the machine may be slower in the next. */
    private static Spread ratio(
            List<BridgeFigures> rounds, List<BridgeFigures> bare, ToDoubleFunction<BridgeFigures> figure) {
        List<Integer> indexes = IntStream.range(0, rounds.size()).boxed().toList();
        return Spread.of(indexes, i -> figure.applyAsDouble(rounds.get(i)) / figure.applyAsDouble(bare.get(i)));
    }
}
