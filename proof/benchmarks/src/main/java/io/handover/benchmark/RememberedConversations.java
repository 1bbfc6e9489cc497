package io.handover.benchmark;

import io.handover.benchmark.GrowthBenchmark.Settings;
import io.handover.benchmark.GrowthFigures.Noted;
import io.handover.benchmark.GrowthFigures.Start;
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

/** An app that remembers a number of conversations, with a broker of its own, and what was measured of it. */
final class RememberedConversations implements AutoCloseable {

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
    private final PrintStream err;
    private final TemporaryFolder data;
    private final MeasuredKafka kafka;
    private final Path state;
    private final MeasuredProcess app;
    private final EndedConversations traffic;
    private final SplittableRandom random;
    private final List<Noted> noted = new ArrayList<>();
    private final List<Start> withState = new ArrayList<>();
    private final List<Start> withoutState = new ArrayList<>();
    private double changelogBytes;
    private double diskBytes;
    private double idleCpu;
    private double brokerIdleCpu;
    private double takeoverSeconds;
    private long written;

    private RememberedConversations(
            Settings settings, int conversations, PrintStream err, TemporaryFolder data, MeasuredKafka kafka) {
        this.settings = settings;
        this.conversations = conversations;
        this.err = err;
        this.data = data;
        this.kafka = kafka;
        this.state = data.path().resolve("state");
        long span = EndedConversations.spanMs(WARM_CONVERSATIONS + conversations);
        this.traffic = new EndedConversations(settings.seed(), System.currentTimeMillis() - span);
        this.random = new SplittableRandom(settings.seed());
        this.app = app(GROUP, kafka.environment(GROUP, state));
    }

    /** Starts the broker and the app. */
    static RememberedConversations start(
            Settings settings, int conversations, Path folder, PrintStream err, StopSignal stop) {
        TemporaryFolder data = TemporaryFolder.in(folder, conversations + "-");
        try {
            MeasuredKafka kafka = MeasuredKafka.startCompacting(data.path(), MeasuredKafka.BY_PRODUCER, stop);
            try {
                return new RememberedConversations(settings, conversations, err, data, kafka);
            } catch (RuntimeException e) {
                kafka.close();
                throw e;
            }
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /**
     * Lets the app read the conversations, and makes it warm. Every app notes the same number of events, because Java
     * compiles the code that notes an event only after many of them.
     */
    void prepare() {
        int deliveries = (int) ((WARM_CONVERSATIONS + conversations) * EndedConversations.EVENTS_EACH);
        say("writing " + deliveries + " deliveries");
        kafka.write(deliveries, settings.seed(), written, traffic);
        written += deliveries;
        kafka.awaitRead(deliveries, GROUP, app);
        settle();
        say("waiting for the compaction");
        kafka.awaitCompaction(GROUP);
        changelogBytes = (double) kafka.changelogBytes(GROUP) / conversations;
        say("noting " + settings.warmUp() + " events to warm up");
        noteEvents(app, settings.warmUp(), 0, WARM_CONVERSATIONS);
        settle();
    }

    /** Measures the app without traffic. */
    void idle() {
        say("without traffic");
        // The compilers of Java still work after traffic.
        kafka.pause(settings.idle());
        double broker = seconds(kafka.cpu());
        idleCpu = share(app, settings.idle());
        brokerIdleCpu = (seconds(kafka.cpu()) - broker) / seconds(settings.idle());
    }

    /** Measures the CPU of noted events, with the compaction that they cause. */
    void note() {
        say("noting events, round " + (noted.size() + 1));
        double own = seconds(app.cpu());
        double broker = seconds(kafka.cpu());
        noteEvents(app, settings.events(), WARM_CONVERSATIONS, conversations);
        long start = System.nanoTime();
        settle();
        double settling = secondsSince(start);
        noted.add(new Noted(
                perEvent(seconds(app.cpu()) - own - idleCpu * settling),
                perEvent(seconds(kafka.cpu()) - broker - brokerIdleCpu * settling)));
    }

    private double perEvent(double cpuSeconds) {
        return cpuSeconds / settings.events() * MICROS_PER_SECOND;
    }

    void stopApp() {
        app.close();
        diskBytes = (double) bytes(state) / conversations;
    }

    /** Measures a start with local state, and one without. */
    void start() {
        say("starting, round " + (withState.size() + 1));
        withState.add(start(state));
        try (TemporaryFolder empty = TemporaryFolder.in(data.path(), "empty")) {
            withoutState.add(start(empty.path()));
        }
    }

    /** Measures how long it takes from the stop of an app until another one, with standby replicas, has noted events. */
    void takeOver() {
        MeasuredProcess active = ready(GROUP, state);
        try (TemporaryFolder replicas = TemporaryFolder.in(data.path(), "standby");
                MeasuredProcess standby = ready(STANDBY, replicas.path())) {
            say("reading the standby replicas");
            kafka.await(() -> share(standby, SETTLING) < SETTLED, "read its standby replicas", standby);
            say("stopping one of two apps");
            long start = System.nanoTime();
            active.close();
            noteEvents(standby, TAKEOVER_EVENTS, WARM_CONVERSATIONS, conversations);
            takeoverSeconds = secondsSince(start);
        } finally {
            active.close();
        }
    }

    GrowthFigures figures() {
        return new GrowthFigures(
                conversations, diskBytes, changelogBytes, idleCpu, noted, withState, withoutState, takeoverSeconds);
    }

    /** The CPU that the app and its broker have used. */
    double cpuSeconds() {
        return seconds(app.cpu().plus(kafka.cpu()));
    }

    @Override
    public void close() {
        try (data;
                kafka) {
            app.close();
        }
    }

    private MeasuredProcess app(String name, Map<String, String> environment) {
        environment.putAll(settings.environment());
        List<String> options = new ArrayList<>(MeasuredProcess.archiveOfApp());
        options.addAll(List.of("-Xmx1g", "-Xms1g"));
        return MeasuredProcess.start(name, options, Contender.APP, environment, data.path());
    }

    /** Lets an app note events on conversations that are chosen at random. */
    private void noteEvents(MeasuredProcess by, int events, int first, int among) {
        long read = kafka.read(GROUP);
        kafka.write(
                events,
                settings.seed(),
                written,
                () -> traffic.noted(first + random.nextInt(among), System.currentTimeMillis()));
        written += events;
        kafka.awaitRead(read + events, GROUP, by);
    }

    /** Waits until the app compiles and compacts no more. On a machine that does other work, this is hard to see. */
    private void settle() {
        for (int i = 0; i < SETTLING_MOST && share(app, SETTLING) > SETTLED; i++) {
            app.requireAlive();
        }
    }

    /** The share of one processor that an app uses. */
    private double share(MeasuredProcess of, Duration duration) {
        double before = seconds(of.cpu());
        kafka.pause(duration);
        return (seconds(of.cpu()) - before) / seconds(duration);
    }

    private Start start(Path from) {
        long start = System.nanoTime();
        try (MeasuredProcess ready = ready(GROUP, from)) {
            return new Start(secondsSince(start), seconds(ready.cpu()));
        }
    }

    /** Starts an app, and waits until it is ready. */
    private MeasuredProcess ready(String name, Path from) {
        Map<String, String> environment = kafka.environment(GROUP, from);
        // Without another app, nobody has a standby replica.
        environment.put("HANDOVER_KAFKA_NUM_STANDBY_REPLICAS", "1");
        int port = Integer.parseInt(environment.getOrDefault("HANDOVER_MANAGEMENT_PORT", ""));
        MeasuredProcess starting = app(name, environment);
        try {
            kafka.await(() -> Readiness.isReady(port), "become ready", starting);
            return starting;
        } catch (RuntimeException e) {
            starting.close();
            throw e;
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
