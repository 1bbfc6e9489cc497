package io.handover.benchmark;

import io.handover.benchmark.LatencyFigures.Cpu;
import io.handover.embeddedkafka.FreePorts;
import io.handover.schema.Topics;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Posts deliveries to a bridge at an even rate, and measures when a consumer has what a contender made of them. */
final class LatencyBenchmark {

    private static final String KEY = "benchmark-0123456789";
    private static final int OK = 200;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** The warm-up is so many times faster, so that the processes are compiled sooner. */
    private static final int WARM_UP_FASTER = 10;

    /** After this time, a record that was committed has been read. */
    private static final Duration LATEST = Duration.ofSeconds(2);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger refused = new AtomicInteger();
    private long posted;
    private final Settings settings;
    private final Path folder;
    private final PrintStream err;
    private final StopSignal stop;

    /**
     * How a run is made.
     *
     * @param rate deliveries per second
     * @param deliveries how many are measured in each round
     * @param warmUp how many are posted before
     * @param idle for how long the processes are measured without traffic
     * @param environment further settings of every contender, by environment variable
     */
    record Settings(int rate, int deliveries, int warmUp, int rounds, Duration idle, Map<String, String> environment) {}

    LatencyBenchmark(Settings settings, Path folder, PrintStream err, StopSignal stop) {
        this.settings = settings;
        this.folder = folder;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Measures the app and the floor, one after the other and round by round.
     *
     * @throws CommandException if a process ends, the bridge refuses a delivery, or the run was stopped
     */
    Map<Contender, List<LatencyFigures>> run() {
        Map<Contender, List<LatencyFigures>> all = new EnumMap<>(Contender.class);
        try (MeasuredKafka kafka = MeasuredKafka.start(folder, MeasuredKafka.BY_BROKER, stop)) {
            Map<String, String> environment = kafka.environment("benchmark-bridge");
            int port = FreePorts.free();
            environment.putAll(Map.of(
                    "HANDOVER_HTTP_HOST",
                    FreePorts.HOST,
                    "HANDOVER_HTTP_PORT",
                    "" + port,
                    "HANDOVER_API_KEY",
                    KEY,
                    "HANDOVER_ORGANIZATION_CHECK_SKIP",
                    "true"));
            try (MeasuredProcess bridge = MeasuredProcess.start(
                    "bridge", List.of("-Xmx256m"), List.of(Endpoint.BRIDGE.processName()), environment, folder)) {
                awaitReady(environment, kafka, bridge);
                URI endpoint = URI.create("http://" + FreePorts.HOST + ":" + port + "/handover/genesysCloudOM");
                for (int round = 1; round <= settings.rounds(); round++) {
                    for (Contender contender : List.of(Contender.APP, Contender.FLOOR)) {
                        err.printf("round %d of %d: %s ...%n", round, settings.rounds(), contender.label());
                        all.computeIfAbsent(contender, key -> new ArrayList<>())
                                .add(measure(contender, round, kafka, bridge, endpoint));
                    }
                }
            }
        }
        return all;
    }

    private static void awaitReady(Map<String, String> environment, MeasuredKafka kafka, MeasuredProcess process) {
        int port = Integer.parseInt(environment.getOrDefault("HANDOVER_MANAGEMENT_PORT", ""));
        kafka.await(() -> Readiness.isReady(port), "become ready", process);
    }

    private LatencyFigures measure(
            Contender contender, int round, MeasuredKafka kafka, MeasuredProcess bridge, URI endpoint) {
        String group = "benchmark-" + contender.label() + "-" + round;
        Map<String, String> environment = kafka.environment(group, folder.resolve(group));
        if (contender == Contender.FLOOR) {
            // As often as the streams-app commits early. With the default of 100 ms, its latency would be that of a
            // timer.
            environment.put("HANDOVER_KAFKA_COMMIT_INTERVAL_MS", "20");
        }
        environment.putAll(settings.environment());
        try (MeasuredProcess process =
                MeasuredProcess.start(group, List.of("-Xmx512m"), contender, environment, folder)) {
            if (contender == Contender.APP) {
                awaitReady(environment, kafka, process);
            }
            // A contender begins with the deliveries of the earlier rounds.
            kafka.awaitRead(posted, group, process);
            String topic = contender == Contender.APP ? Topics.COMMANDS : StreamsProcess.OUT;
            try (OutputReader reader = new OutputReader(kafka.address(), topic)) {
                post(settings.warmUp(), settings.rate() * WARM_UP_FASTER, endpoint, reader);
                kafka.awaitRead(posted, group, process);
                pause(LATEST);
                reader.take();
                return measure(new Processes(process, bridge, kafka), endpoint, reader);
            }
        }
    }

    private LatencyFigures measure(Processes processes, URI endpoint, OutputReader reader) {
        Machine machine = new Machine();
        double first = processes.cpu().sum() + MeasuredProcess.ownCpuSeconds();
        Cpu loaded = processes.during(() -> post(settings.deliveries(), settings.rate(), endpoint, reader));
        pause(LATEST);
        // After traffic, the compilers of Java have work left for some seconds.
        pause(settings.idle());
        Cpu idle = processes.during(() -> pause(settings.idle()));
        processes.own().requireAlive();
        processes.bridge().requireAlive();
        List<Double> latencies = reader.take();
        if (refused.get() > 0 || latencies.isEmpty()) {
            throw new CommandException("The bridge did not accept " + refused.get() + " deliveries, and "
                    + latencies.size() + " records were read. The logs are in " + folder + ".");
        }
        double used = processes.cpu().sum() + MeasuredProcess.ownCpuSeconds() - first;
        return new LatencyFigures(latencies, loaded, idle, machine.foreign(used));
    }

    /** The processes of a round. */
    private record Processes(MeasuredProcess own, MeasuredProcess bridge, MeasuredKafka kafka) {

        /** The CPU seconds that they have used. */
        Cpu cpu() {
            return new Cpu(seconds(own.cpu()), seconds(bridge.cpu()), seconds(kafka.cpu()));
        }

        Cpu during(Runnable action) {
            Cpu before = cpu();
            long start = System.nanoTime();
            action.run();
            return cpu().share(before, (System.nanoTime() - start) / 1e9);
        }

        private static double seconds(Duration duration) {
            return duration.toNanos() / 1e9;
        }
    }

    /** Posts one {@code user.start} of a new conversation after the other. Each causes an {@code agent-updated}. */
    private void post(int deliveries, int rate, URI endpoint, OutputReader reader) {
        long start = System.nanoTime();
        for (int i = 0; i < deliveries; i++) {
            long due = start + i * NANOS_PER_SECOND / rate;
            pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            String conversation = UUID.randomUUID().toString();
            HttpRequest request = HttpRequest.newBuilder(endpoint)
                    .header("Authorization", KEY)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(userStart(conversation)))
                    .build();
            reader.posting(conversation);
            CompletableFuture<?> unused = http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .handle((answer, failure) ->
                            answer != null && answer.statusCode() == OK ? 0 : refused.incrementAndGet());
            posted++;
        }
    }

    private static byte[] userStart(String conversation) {
        String session = UUID.randomUUID().toString();
        String agent = UUID.randomUUID().toString();
        return new GenesysEvent(
                        conversation,
                        1,
                        Kind.USER_START,
                        System.currentTimeMillis(),
                        session,
                        agent,
                        null,
                        null,
                        0,
                        0,
                        null)
                .envelope(UUID.randomUUID().toString(), null);
    }

    private void pause(Duration duration) {
        if (stop.await(duration)) {
            throw new CommandException("Stopped.");
        }
    }
}
