package io.handover.benchmark;

import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Runs the contenders one after the other, round by round, over the same log. */
final class TopologyBenchmark {

    private static final double CONVERSATIONS_PER_SECOND = 40;
    private static final double MICROS_PER_SECOND = 1e6;

    private final Settings settings;
    private final Path folder;
    private final PrintStream err;
    private final StopSignal stop;

    /**
     * How a run is made.
     *
     * @param records the number of deliveries in the log
     * @param warmUp how many of them are read before the measurement begins
     * @param rounds how often each contender is measured
     * @param contenders who is measured
     * @param environment further settings of every contender, by environment variable
     */
    record Settings(
            int records,
            int warmUp,
            int rounds,
            long seed,
            Set<Contender> contenders,
            Map<String, String> environment) {}

    TopologyBenchmark(Settings settings, Path folder, PrintStream err, StopSignal stop) {
        this.settings = settings;
        this.folder = folder;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Measures each contender.
     *
     * @throws CommandException if a process ends, or the run was stopped
     */
    Map<Contender, List<Figures>> run() {
        Map<Contender, List<Figures>> all = new EnumMap<>(Contender.class);
        try (MeasuredKafka kafka = MeasuredKafka.start(folder, MeasuredKafka.BY_PRODUCER, stop)) {
            preload(kafka, settings.records(), settings.seed(), err);
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Contender contender : settings.contenders()) {
                    err.printf("round %d of %d: %s ...%n", round, settings.rounds(), contender.label());
                    all.computeIfAbsent(contender, key -> new ArrayList<>()).add(measure(contender, round, kafka));
                }
            }
        }
        return all;
    }

    /** Writes the log. The same seed gives the same log. */
    static void preload(MeasuredKafka kafka, int records, long seed, PrintStream err) {
        err.printf("writing %,d deliveries ...%n", records);
        long span = Math.round(records / (20 * CONVERSATIONS_PER_SECOND) * 1_000);
        Traffic traffic = new Traffic(
                seed, System.currentTimeMillis() - span - Duration.ofHours(1).toMillis(), CONVERSATIONS_PER_SECOND);
        kafka.write(records, seed, 0, traffic::next);
    }

    private Figures measure(Contender contender, int round, MeasuredKafka kafka) {
        String group = "benchmark-" + contender.label() + "-" + round;
        Map<String, String> environment = kafka.environment(group, folder.resolve(group));
        environment.putAll(settings.environment());
        if (contender == Contender.DEDUPLICATION_WITH_DEFAULTS) {
            environment.remove(MeasuredKafka.MALLOC);
        }
        GarbageLog garbage = GarbageLog.of(group, folder);
        try (MeasuredProcess process = MeasuredProcess.start(
                group, List.of("-Xmx1g", "-Xms1g", garbage.flag()), contender, environment, folder)) {
            kafka.awaitRead(settings.warmUp(), group, process);
            Machine machine = new Machine();
            long start = System.nanoTime();
            long first = kafka.read(group);
            long allocated = garbage.allocated();
            Duration cpu = process.cpu();
            Duration brokerCpu = kafka.cpu();
            kafka.awaitRead(settings.records(), group, process);
            double seconds = (System.nanoTime() - start) / 1e9;
            long records = kafka.read(group) - first;
            double ownCpu = seconds(process.cpu().minus(cpu));
            double itsBrokerCpu = seconds(kafka.cpu().minus(brokerCpu));
            return new Figures(
                    records / seconds,
                    ownCpu / records * MICROS_PER_SECOND,
                    itsBrokerCpu / records * MICROS_PER_SECOND,
                    (double) (garbage.allocated() - allocated) / records,
                    (double) kafka.changelogBytes(group) / settings.records(),
                    machine.foreign(ownCpu + itsBrokerCpu));
        } finally {
            kafka.deleteChangelogs(group);
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** The result as a text: a line per contender, and the ratios of the product to the others. */
    static String text(Map<Contender, List<Figures>> all) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%-28s  %-24s  %-20s  %-20s  %-15s  %s%n",
                "",
                "records/s (min med max)",
                "CPU us/record, own",
                "CPU us, broker",
                "bytes allocated",
                "changelog bytes"));
        all.forEach((contender, runs) -> text.append(String.format(
                Locale.ROOT,
                "%-28s  %s   %s     %s     %-15.0f  %.0f%n",
                contender.label(),
                Spread.of(runs, Figures::perSecond).text("%7.0f"),
                Spread.of(runs, Figures::ownCpuUs).text("%5.1f"),
                Spread.of(runs, Figures::brokerCpuUs).text("%5.1f"),
                median(runs, Figures::allocatedBytes),
                median(runs, Figures::changelogBytes))));
        List<Figures> app = all.get(Contender.APP);
        if (app == null) {
            return text.toString();
        }
        for (Contender other : EnumSet.complementOf(EnumSet.of(Contender.APP))) {
            Optional.ofNullable(all.get(other))
                    .ifPresent(runs -> text.append(String.format(
                            Locale.ROOT,
                            "streams-app / %s: rate %.2f, CPU of both %.2f%n",
                            other.label(),
                            median(app, Figures::perSecond) / median(runs, Figures::perSecond),
                            median(app, Figures::cpuUs) / median(runs, Figures::cpuUs))));
        }
        return text.toString();
    }

    static double foreign(Map<Contender, List<Figures>> all) {
        return all.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Figures::foreign)
                .max()
                .orElse(0);
    }

    private static double median(List<Figures> runs, ToDoubleFunction<Figures> figure) {
        return Spread.of(runs, figure).median();
    }
}
