package io.handover.benchmark;

import io.handover.embeddedkafka.FreePorts;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Starts both processes again and again, with different options of Java, round by round. A log waits for the app. */
final class StartBenchmark {

    private static final double MICROS_PER_SECOND = 1e6;

    private final Settings settings;
    private final Path folder;
    private final PrintStream err;
    private final StopSignal stop;

    /**
     * How a run is made.
     *
     * @param records the number of deliveries that wait for the app
     * @param rounds how often each start is measured
     * @param options the options of Java of each kind of start, by its label
     */
    record Settings(int records, int rounds, long seed, Map<String, JavaOptions> options) {}

    /** The options of Java of one kind of start, by process. */
    record JavaOptions(List<String> app, List<String> bridge) {

        /** Returns these options and further ones, which win. */
        JavaOptions and(String... further) {
            return new JavaOptions(with(app, further), with(bridge, further));
        }

        private static List<String> with(List<String> options, String... further) {
            return Stream.concat(options.stream(), Stream.of(further)).toList();
        }
    }

    StartBenchmark(Settings settings, Path folder, PrintStream err, StopSignal stop) {
        this.settings = settings;
        this.folder = folder;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Measures each start.
     *
     * @return the figures of all rounds, by process and label of its options
     * @throws CommandException if a process ends, or the run was stopped
     */
    Map<String, List<StartFigures>> run() {
        Map<String, List<StartFigures>> all = new LinkedHashMap<>();
        int starts = 0;
        try (MeasuredKafka kafka = MeasuredKafka.start(folder, MeasuredKafka.BY_PRODUCER, stop)) {
            TopologyBenchmark.preload(kafka, settings.records(), settings.seed(), err);
            // Round 0 is thrown away: it creates the topics, and the broker and the caches of the disk are cold.
            for (int round = 0; round <= settings.rounds(); round++) {
                for (Map.Entry<String, JavaOptions> options : settings.options().entrySet()) {
                    String label = options.getKey();
                    // An application id is a part of topic names, in which options of Java have no place.
                    String run = "start-" + ++starts;
                    err.printf("round %d of %d: %s ...%n", round, settings.rounds(), label);
                    StartFigures app = app(run, options.getValue().app(), kafka);
                    StartFigures bridge = bridge(run, options.getValue().bridge(), kafka);
                    if (round > 0) {
                        all.computeIfAbsent("streams-app " + label, key -> new ArrayList<>())
                                .add(app);
                        all.computeIfAbsent("bridge " + label, key -> new ArrayList<>())
                                .add(bridge);
                    }
                }
            }
        }
        return all;
    }

    /**
     * Lets an app read the deliveries and stop. Java then writes its classes and the counts of its methods to the file. The app
     * is alone in its process. With the counts of a process that also had bridge and broker, it read 6 to 15 % fewer records
     * per second.
     *
     * @throws CommandException if the process ends, Java writes no archive, or the run was stopped
     */
    void writeArchive(Path file) {
        List<String> options = MeasuredProcess.withNativeAccess("-XX:AOTCacheOutput=" + file);
        String group = "archive";
        try (MeasuredKafka kafka = MeasuredKafka.start(folder, MeasuredKafka.BY_PRODUCER, stop)) {
            TopologyBenchmark.preload(kafka, settings.records(), settings.seed(), err);
            err.println("reading them ...");
            Map<String, String> environment = kafka.environment(group, folder.resolve(group));
            try (MeasuredProcess process = MeasuredProcess.start(group, options, Contender.APP, environment, folder)) {
                kafka.awaitRead(settings.records(), group, process);
                err.println("writing " + file + " ...");
            }
        }
        if (!Files.exists(file)) {
            throw new CommandException("Java has not written " + file
                    + ". Run this with --keep FOLDER, and look at FOLDER/" + group + ".log.");
        }
    }

    private StartFigures app(String group, List<String> options, MeasuredKafka kafka) {
        Map<String, String> environment = kafka.environment(group, folder.resolve(group));
        Machine machine = new Machine();
        Duration kafkaBefore = kafka.cpu();
        long start = System.nanoTime();
        try (MeasuredProcess process = MeasuredProcess.start(group, options, Contender.APP, environment, folder)) {
            awaitReady(environment, kafka, process);
            double readySeconds = (System.nanoTime() - start) / 1e9;
            double readyCpu = seconds(process.cpu());
            long readBefore = kafka.read(group);
            kafka.awaitRead(settings.records(), group, process);
            double cpu = seconds(process.cpu());
            double brokerCpu = seconds(kafka.cpu().minus(kafkaBefore));
            return new StartFigures(
                    readySeconds,
                    readyCpu,
                    cpu / settings.records() * MICROS_PER_SECOND,
                    (cpu - readyCpu) / Math.max(1, settings.records() - readBefore) * MICROS_PER_SECOND,
                    machine.foreign(cpu + brokerCpu));
        } finally {
            kafka.deleteChangelogs(group);
        }
    }

    private StartFigures bridge(String run, List<String> options, MeasuredKafka kafka) {
        String name = "bridge-" + run;
        Map<String, String> environment = kafka.environment(name);
        // The bridge refuses a topic with CreateTime, as the log of the app is.
        environment.put("HANDOVER_TOPIC_EVENTS", "bridge-events");
        environment.put("HANDOVER_HTTP_PORT", "" + FreePorts.free());
        environment.put("HANDOVER_API_KEY", "benchmark");
        environment.put("HANDOVER_ORGANIZATION_ID", "benchmark");
        Machine machine = new Machine();
        Duration kafkaBefore = kafka.cpu();
        long start = System.nanoTime();
        try (MeasuredProcess process =
                MeasuredProcess.start(name, options, List.of(Endpoint.BRIDGE.processName()), environment, folder)) {
            awaitReady(environment, kafka, process);
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpu = seconds(process.cpu());
            double brokerCpu = seconds(kafka.cpu().minus(kafkaBefore));
            return new StartFigures(seconds, cpu, 0, 0, machine.foreign(cpu + brokerCpu));
        }
    }

    private static void awaitReady(Map<String, String> environment, MeasuredKafka kafka, MeasuredProcess process) {
        int port = Integer.parseInt(environment.getOrDefault("HANDOVER_MANAGEMENT_PORT", ""));
        kafka.await(() -> Readiness.isReady(port), "become ready", process);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** The result as a text: a line per process and options. */
    static String text(Map<String, List<StartFigures>> all) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-24s  %-17s  %-17s  %-17s  %s%n",
                "(min med max)",
                "ready after, s",
                "CPU until ready, s",
                "CPU us/delivery",
                "after it was ready"));
        all.forEach((label, runs) -> {
            text.append(String.format(
                    Locale.ROOT,
                    "%-24s  %s    %s",
                    label,
                    Spread.of(runs, StartFigures::readySeconds).text("%5.2f"),
                    Spread.of(runs, StartFigures::readyCpuSeconds).text("%5.2f")));
            Spread cpu = Spread.of(runs, StartFigures::cpuUs);
            if (cpu.most() > 0) {
                text.append("  ").append(cpu.text("%5.0f"));
                text.append("  ")
                        .append(Spread.of(runs, StartFigures::workCpuUs).text("%5.0f"));
            }
            text.append(System.lineSeparator());
        });
        return text.toString();
    }

    static double foreign(Map<String, List<StartFigures>> all) {
        return all.values().stream()
                .flatMap(List::stream)
                .mapToDouble(StartFigures::foreign)
                .max()
                .orElse(0);
    }
}
