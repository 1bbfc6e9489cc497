package io.handover.benchmark;

import io.handover.benchmark.QueriesFigures.PageCost;
import io.handover.benchmark.QueriesFigures.Round;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the live queries of an app that remembers many conversations, during traffic, and what an open page costs traffic
 * without a pause.
 */
final class QueriesBenchmark implements AutoCloseable {

    private static final String GROUP = "benchmark-queries";
    private static final String TOKEN = "benchmark-token-of-at-least-32-characters";
    private static final String QUERY_THREADS = "query-";
    private static final String EVENT_LOOPS = "vert.x-";
    private static final double EVENTS_PER_HELD = 2;
    private static final int HELD_PER_SECOND = 2;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** Longer than a run, so that the ends stay held. */
    private static final Duration HOLD = Duration.ofHours(6);

    private final Settings settings;
    private final MeasuredKafka kafka;
    private final EndedConversations traffic;
    private final SplittableRandom random;

    /** Only the thread that asks uses it. */
    private final SplittableRandom queried;

    private final MeasuredProcess app;
    private final LiveQueries queries;
    private final PrintStream err;
    private long written;

    /**
     * How a run is made.
     *
     * @param remembered how many conversations are remembered
     * @param held how many ends are held beside them
     * @param events how many events are noted in each part of a round
     * @param perSecond how many queries for a conversation are sent per second
     * @param traffic how many events per second are noted during the queries; 0 for as many as possible
     * @param environment further settings of the app, by environment variable
     */
    record Settings(
            int remembered,
            int held,
            int events,
            int rounds,
            int perSecond,
            int traffic,
            long seed,
            Map<String, String> environment) {}

    private QueriesBenchmark(Settings settings, MeasuredKafka kafka, Path data, PrintStream err) {
        this.settings = settings;
        this.kafka = kafka;
        this.err = err;
        this.random = new SplittableRandom(settings.seed());
        this.queried = random.split();
        this.traffic = new EndedConversations(
                settings.seed(), System.currentTimeMillis() - EndedConversations.spanMs(settings.remembered()));
        Map<String, String> environment = kafka.environment(GROUP, data.resolve("state"));
        environment.put("HANDOVER_AFTER_CALL_WORK_TIMEOUT_MS", "" + HOLD.toMillis());
        environment.put("HANDOVER_MANAGEMENT_READ_TOKENS", TOKEN);
        environment.putAll(settings.environment());
        this.queries =
                new LiveQueries(Integer.parseInt(environment.getOrDefault("HANDOVER_MANAGEMENT_PORT", "")), TOKEN);
        this.app = MeasuredProcess.start(GROUP, List.of("-Xmx1g", "-Xms1g"), Contender.APP, environment, data);
    }

    /**
     * Measures.
     *
     * @param folder the folder for logs and data, which are deleted at the end
     * @throws CommandException if a process ends, a query fails, or the run was stopped
     */
    static QueriesFigures measure(Settings settings, Path folder, PrintStream err, StopSignal stop) {
        try (TemporaryFolder data = TemporaryFolder.in(folder, "queries-");
                MeasuredKafka kafka = MeasuredKafka.start(data.path(), MeasuredKafka.BY_PRODUCER, stop);
                QueriesBenchmark benchmark = new QueriesBenchmark(settings, kafka, data.path(), err)) {
            return benchmark.measure();
        }
    }

    private QueriesFigures measure() {
        int remembered = (int) (settings.remembered() * EndedConversations.EVENTS_EACH);
        int held = (int) (settings.held() * EVENTS_PER_HELD);
        err.printf("writing %,d deliveries ...%n", remembered + held);
        kafka.write(remembered, settings.seed(), written, traffic);
        written += remembered;
        HeldConversations waiting = new HeldConversations(settings.seed(), System.currentTimeMillis());
        kafka.write(held, settings.seed(), written, waiting);
        written += held;
        kafka.awaitRead(remembered + held, GROUP, app);
        warmUp();
        Machine machine = new Machine();
        double before = busy();
        // Before all parts with little traffic, because the part after such a one is faster.
        List<PageRun> pages = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            err.printf("page, round %d of %d ...%n", round, settings.rounds());
            pages.add(noteWithoutAndWithPage());
        }
        List<Round> rounds = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            err.printf("queries, round %d of %d ...%n", round, settings.rounds());
            LiveQueries.Asking conversations = queries.ask(settings.perSecond(), this::conversationPath);
            LiveQueries.Asking lists = queries.ask(HELD_PER_SECOND, () -> "/handovers/held?limit=100");
            try (conversations;
                    lists) {
                note(settings.traffic());
            }
            LiveQueries.Asking saturated = queries.ask(settings.perSecond(), this::conversationPath);
            try (saturated) {
                note(0);
            }
            PageRun page = pages.get(round - 1);
            rounds.add(new Round(
                    page.alone(),
                    page.rate(),
                    page.cost(),
                    conversations.latenciesMs(),
                    lists.latenciesMs(),
                    saturated.latenciesMs()));
        }
        return new QueriesFigures(rounds, machine.foreign(busy() - before));
    }

    /** With and without a page, because the compilers of Java work at all that is new. */
    private void warmUp() {
        note(0);
        LiveQueries.OpenPage page = queries.openPage();
        try (page) {
            note(0);
        }
        note(0);
    }

    /** The rate of the traffic without a page, the one beside an open page, and what the page cost. */
    private record PageRun(double alone, double rate, PageCost cost) {}

    /** The parts without a page are first and last, so that a machine that becomes slower is no cost of the page. */
    private PageRun noteWithoutAndWithPage() {
        double first = note(0);
        double queryThreads = app.cpuSecondsOf(QUERY_THREADS);
        double eventLoops = app.cpuSecondsOf(EVENT_LOOPS);
        long start = System.nanoTime();
        LiveQueries.OpenPage page = queries.openPage();
        double rate;
        try (page) {
            rate = rate(note(0), note(0));
        }
        PageCost cost = new PageCost(
                app.cpuSecondsOf(QUERY_THREADS) - queryThreads,
                app.cpuSecondsOf(EVENT_LOOPS) - eventLoops,
                (System.nanoTime() - start) / (double) NANOS_PER_SECOND,
                page.refreshes());
        return new PageRun(rate(first, note(0)), rate, cost);
    }

    /** The rate of two parts with as many events. */
    private static double rate(double first, double second) {
        return 2 / (1 / first + 1 / second);
    }

    private String conversationPath() {
        return "/conversations/" + traffic.idOf(queried.nextInt(settings.remembered()));
    }

    /**
     * Notes events on conversations that are chosen at random, and returns how many per second.
     *
     * @param rate how many per second are written; 0 for as many as possible
     */
    private double note(int rate) {
        long read = kafka.read(GROUP);
        long first = written;
        long start = System.nanoTime();
        kafka.write(settings.events(), settings.seed(), written, () -> {
            if (rate > 0) {
                LockSupport.parkNanos(start + (written - first) * NANOS_PER_SECOND / rate - System.nanoTime());
            }
            written++;
            return traffic.noted(random.nextInt(settings.remembered()), System.currentTimeMillis());
        });
        kafka.awaitRead(read + settings.events(), GROUP, app);
        return settings.events() * (double) NANOS_PER_SECOND / (System.nanoTime() - start);
    }

    private double busy() {
        return app.cpu().plus(kafka.cpu()).toNanos() / 1e9 + MeasuredProcess.ownCpuSeconds();
    }

    @Override
    public void close() {
        app.close();
    }
}
