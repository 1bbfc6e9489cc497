package io.handover.benchmark;

import io.handover.benchmark.GrowthFigures.Noted;
import io.handover.benchmark.GrowthFigures.Start;
import io.handover.benchmark.GrowthFigures.Steady;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Measures an app that remembers a number of conversations. */
final class GrowthBenchmark {

    private static final String GROUP = "benchmark-growth";

    /** The process that holds the standby replicas. */
    private static final String STANDBY = GROUP + "-standby";

    /** So many that every partition has some, and that clock ticks, which count as read, cannot stand for those of a partition. */
    private static final int TAKEOVER_EVENTS = 2_000;

    /** Conversations that only warm up the app: few, so that they do not grow its state. */
    private static final int WARM_CONVERSATIONS = 1_000;

    private static final double MICROS_PER_SECOND = 1e6;

    /** The app has settled when it uses less than this share of a processor. */
    private static final double SETTLED = 0.1;

    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final int SETTLING_MOST = 10;

    private final Settings settings;
    private final int conversations;
    private final MeasuredKafka kafka;
    private final Path data;
    private final PrintStream err;
    private final EndedConversations traffic;
    private final SplittableRandom random;
    private long written;

    /**
     * How a run is made.
     *
     * @param warmUp how many events are noted before the measurement begins
     * @param events how many events are noted in each round
     * @param idle for how long the app is measured without traffic
     * @param environment further settings of the app, by environment variable
     */
    record Settings(int warmUp, int events, int rounds, Duration idle, long seed, Map<String, String> environment) {}

    private GrowthBenchmark(Settings settings, int conversations, MeasuredKafka kafka, Path data, PrintStream err) {
        this.settings = settings;
        this.conversations = conversations;
        this.kafka = kafka;
        this.data = data;
        this.err = err;
        long span = EndedConversations.spanMs(WARM_CONVERSATIONS + conversations);
        this.traffic = new EndedConversations(settings.seed(), System.currentTimeMillis() - span);
        this.random = new SplittableRandom(settings.seed());
    }

    /**
     * Measures an app that remembers so many conversations.
     *
     * @param folder the folder for logs and data, which are deleted at the end
     * @throws CommandException if a process ends, or the run was stopped
     */
    static GrowthFigures measure(Settings settings, int conversations, Path folder, PrintStream err, StopSignal stop) {
        try (TemporaryFolder data = TemporaryFolder.in(folder, conversations + "-");
                MeasuredKafka kafka = MeasuredKafka.startCompacting(data.path(), MeasuredKafka.BY_PRODUCER, stop)) {
            return new GrowthBenchmark(settings, conversations, kafka, data.path(), err).measure();
        }
    }

    private GrowthFigures measure() {
        Steady steady;
        double diskBytes;
        Start withState;
        double takeover;
        try (TemporaryFolder state = TemporaryFolder.in(data, "state")) {
            steady = steady(state.path());
            diskBytes = (double) bytes(state.path()) / conversations;
            withState = start(state.path());
            takeover = takeover(state.path());
        }
        try (TemporaryFolder state = TemporaryFolder.in(data, "state")) {
            return new GrowthFigures(conversations, steady, diskBytes, withState, start(state.path()), takeover);
        }
    }

    private Steady steady(Path state) {
        try (MeasuredProcess app = app(GROUP, kafka.environment(GROUP, state))) {
            preload(app);
            settle(app);
            say("waiting for the compaction");
            kafka.awaitCompaction(GROUP);
            double changelogBytes = (double) kafka.changelogBytes(GROUP) / conversations;
            note(app, settings.warmUp(), 0, WARM_CONVERSATIONS);
            settle(app);
            // The compilers of Java still work after traffic.
            kafka.pause(settings.idle());
            Machine machine = new Machine();
            double before = busy(app);
            double idle = share(app, settings.idle());
            List<Noted> noted = new ArrayList<>();
            for (int round = 1; round <= settings.rounds(); round++) {
                say("noting events, round " + round);
                noted.add(note(app, settings.events(), WARM_CONVERSATIONS, conversations));
            }
            return new Steady(changelogBytes, idle, noted, machine.foreign(busy(app) - before));
        }
    }

    private MeasuredProcess app(String name, Map<String, String> environment) {
        environment.putAll(settings.environment());
        return MeasuredProcess.start(
                name, List.of("-Xmx1g", "-Xms1g"), List.of(Contender.APP.label()), environment, data);
    }

    private void preload(MeasuredProcess app) {
        int deliveries = (int) ((WARM_CONVERSATIONS + conversations) * EndedConversations.EVENTS_EACH);
        say("writing " + deliveries + " deliveries");
        kafka.write(deliveries, settings.seed(), written, traffic);
        written += deliveries;
        kafka.awaitRead(deliveries, GROUP, app);
    }

    /** Notes events on conversations that are chosen at random. */
    private Noted note(MeasuredProcess app, int events, int first, int among) {
        long read = kafka.read(GROUP);
        double own = seconds(app.cpu());
        double broker = seconds(kafka.cpu());
        kafka.write(
                events,
                settings.seed(),
                written,
                () -> traffic.noted(first + random.nextInt(among), System.currentTimeMillis()));
        written += events;
        kafka.awaitRead(read + events, GROUP, app);
        return new Noted(
                (seconds(app.cpu()) - own) / events * MICROS_PER_SECOND,
                (seconds(kafka.cpu()) - broker) / events * MICROS_PER_SECOND);
    }

    /** Waits until the app compiles and compacts no more. On a machine that does other work, this is hard to see. */
    private void settle(MeasuredProcess app) {
        for (int i = 0; i < SETTLING_MOST && share(app, SETTLING) > SETTLED; i++) {
            app.requireAlive();
        }
    }

    /** The share of one processor that the app uses. */
    private double share(MeasuredProcess app, Duration duration) {
        double before = seconds(app.cpu());
        kafka.pause(duration);
        return (seconds(app.cpu()) - before) / seconds(duration);
    }

    private double busy(MeasuredProcess app) {
        return seconds(app.cpu().plus(kafka.cpu())) + MeasuredProcess.ownCpuSeconds();
    }

    private Start start(Path state) {
        say("starting");
        long start = System.nanoTime();
        try (MeasuredProcess app = ready(GROUP, state)) {
            return new Start(secondsSince(start), seconds(app.cpu()));
        }
    }

    /** Starts an app, and waits until it is ready. */
    private MeasuredProcess ready(String name, Path state) {
        Map<String, String> environment = kafka.environment(GROUP, state);
        // Without another app, nobody has a standby replica.
        environment.put("HANDOVER_KAFKA_NUM_STANDBY_REPLICAS", "1");
        int port = Integer.parseInt(environment.getOrDefault("HANDOVER_MANAGEMENT_PORT", ""));
        MeasuredProcess app = app(name, environment);
        try {
            kafka.await(() -> Readiness.isReady(port), "become ready", app);
            return app;
        } catch (RuntimeException e) {
            app.close();
            throw e;
        }
    }

    /** Stops an app while another one has standby replicas. Returns the seconds until that one has noted events. */
    private double takeover(Path state) {
        MeasuredProcess active = ready(GROUP, state);
        try (TemporaryFolder replicas = TemporaryFolder.in(data, "standby");
                MeasuredProcess standby = ready(STANDBY, replicas.path())) {
            say("reading the standby replicas");
            kafka.await(() -> share(standby, SETTLING) < SETTLED, "read its standby replicas", standby);
            say("stopping one of two apps");
            long start = System.nanoTime();
            active.close();
            note(standby, TAKEOVER_EVENTS, WARM_CONVERSATIONS, conversations);
            return secondsSince(start);
        } finally {
            active.close();
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void say(String what) {
        err.printf("%,d conversations: %s ...%n", conversations, what);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static long bytes(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read " + folder + ", but failed", e);
        }
    }
}
