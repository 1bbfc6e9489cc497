package io.handover.benchmark;

import io.handover.embeddedkafka.FreePorts;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** Starts both processes again and again, with different options of Java, round by round. A log waits for the app. */
final class StartBenchmark {

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);
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
    record Settings(int records, int rounds, long seed, Map<String, List<String>> options) {}

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
        int port = FreePorts.free();
        List<String> broker =
                List.of(ChildMain.BROKER, folder.resolve("kafka").toString(), "" + port, "" + FreePorts.free());
        try (MeasuredProcess kafka =
                        MeasuredProcess.start("broker", List.of("-Xmx1g", "-Xms1g"), broker, Map.of(), folder);
                Admin admin = Admin.create(Map.of("bootstrap.servers", FreePorts.HOST + ":" + port))) {
            TopologyBenchmark.createTopics(admin);
            TopologyBenchmark.preload(port, settings.records(), settings.seed(), err);
            // Round 0 is thrown away: it creates the topics, and the broker and the caches of the disk are cold.
            for (int round = 0; round <= settings.rounds(); round++) {
                for (Map.Entry<String, List<String>> options :
                        settings.options().entrySet()) {
                    String label = options.getKey();
                    // An application id is a part of topic names, in which options of Java have no place.
                    String run = "start-" + ++starts;
                    err.printf("round %d of %d: %s ...%n", round, settings.rounds(), label);
                    StartFigures app = app(run, options.getValue(), port, kafka, admin);
                    StartFigures bridge = bridge(run, options.getValue(), port, kafka);
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

    private StartFigures app(String group, List<String> options, int port, MeasuredProcess kafka, Admin admin) {
        int managementPort = FreePorts.free();
        Map<String, String> environment = TopologyBenchmark.environment(group, port, managementPort, folder);
        Machine machine = new Machine();
        Duration kafkaBefore = kafka.cpu();
        long start = System.nanoTime();
        try (MeasuredProcess process =
                MeasuredProcess.start(group, options, List.of(Contender.APP.label()), environment, folder)) {
            awaitReady(managementPort, process);
            double readySeconds = (System.nanoTime() - start) / 1e9;
            double readyCpu = TopologyBenchmark.seconds(process.cpu());
            long readBefore = TopologyBenchmark.read(group, admin);
            long begin = System.nanoTime();
            while (TopologyBenchmark.read(group, admin) < settings.records()) {
                pause(begin, process);
            }
            double cpu = TopologyBenchmark.seconds(process.cpu());
            double brokerCpu = TopologyBenchmark.seconds(kafka.cpu().minus(kafkaBefore));
            return new StartFigures(
                    readySeconds,
                    readyCpu,
                    cpu / settings.records() * MICROS_PER_SECOND,
                    (cpu - readyCpu) / Math.max(1, settings.records() - readBefore) * MICROS_PER_SECOND,
                    machine.foreign(cpu + brokerCpu));
        } finally {
            TopologyBenchmark.deleteTopics(group, admin);
        }
    }

    private StartFigures bridge(String run, List<String> options, int port, MeasuredProcess kafka) {
        int managementPort = FreePorts.free();
        Map<String, String> environment =
                new HashMap<>(TopologyBenchmark.environment("bridge-" + run, port, managementPort, folder));
        // The bridge refuses a topic with CreateTime, as the log of the app is.
        environment.put("HANDOVER_TOPIC_EVENTS", "bridge-events");
        environment.remove("HANDOVER_STATE_DIR");
        environment.put("HANDOVER_HTTP_PORT", "" + FreePorts.free());
        environment.put("HANDOVER_API_KEY", "benchmark");
        environment.put("HANDOVER_ORGANIZATION_ID", "benchmark");
        Machine machine = new Machine();
        Duration kafkaBefore = kafka.cpu();
        long start = System.nanoTime();
        try (MeasuredProcess process =
                MeasuredProcess.start("bridge-" + run, options, List.of(Endpoint.BRIDGE.processName()), environment, folder)) {
            awaitReady(managementPort, process);
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpu = TopologyBenchmark.seconds(process.cpu());
            double brokerCpu = TopologyBenchmark.seconds(kafka.cpu().minus(kafkaBefore));
            return new StartFigures(seconds, cpu, 0, 0, machine.foreign(cpu + brokerCpu));
        }
    }

    private void awaitReady(int port, MeasuredProcess process) {
        long begin = System.nanoTime();
        while (!isReady(port)) {
            pause(begin, process);
        }
    }

    private static boolean isReady(int port) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://" + FreePorts.HOST + ":" + port + "/health/ready")
                            .toURL()
                            .openConnection();
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            // The process does not listen yet.
            return false;
        }
    }

    private void pause(long begin, MeasuredProcess process) {
        process.requireAlive();
        if (stop.await(PAUSE)) {
            throw new CommandException("Stopped.");
        }
        if (System.nanoTime() - begin > LONGEST.toNanos()) {
            throw new CommandException("A start took longer than " + LONGEST.toMinutes() + " minutes.");
        }
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
