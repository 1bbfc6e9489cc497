package io.handover.torture;

import io.handover.reference.Rules;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import io.handover.torture.EventBridge.RetryPolicy;
import io.handover.torture.Finding.Defect;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run, from the start of the processes to the ledger. */
final class TortureRun {

    private static final Duration PRINT_EVERY = Duration.ofSeconds(5);
    private static final Duration POLL_EVERY = Duration.ofMillis(200);
    private static final Duration QUIET_WITHIN = Duration.ofMinutes(10);
    private static final long QUIET_MARGIN_MS = 3_000;

    private final Settings settings;
    private final RunTimes times;
    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;
    private final Map<String, FakeClock> clocks = new HashMap<>();
    private final long startedAt = System.nanoTime();

    /**
     * The settings of a run.
     *
     * @param load the duration of the load
     * @param rate how many conversations begin per second
     * @param skew whether the clocks of the apps and the bridge are wrong
     */
    record Settings(Duration load, long seed, double rate, boolean skew) {}

    /** What happens in a run, beside its load. The three plans do not wait for each other. */
    private record Plans(FaultPlan faults, SkewPlan skews, GenesysPlan troubles) {

        private static Plans of(Settings settings) {
            List<String> skewed = settings.skew() ? Deployment.CLIENTS : List.of();
            return new Plans(
                    FaultPlan.of(settings.seed(), settings.load()),
                    SkewPlan.of(settings.seed(), settings.load(), skewed),
                    GenesysPlan.of(settings.seed(), settings.load()));
        }

        private Stream<String> lines() {
            return Stream.of(faults, skews, troubles)
                    .flatMap(plan -> plan.toString().lines());
        }
    }

    TortureRun(Settings settings, PrintStream out, PrintStream err, StopSignal stop) {
        this.settings = settings;
        this.times = RunTimes.of(settings.load());
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Does the run, and returns whether the ledger is clean.
     *
     * @param keep the folder in which logs and dumps are kept, or null to keep them only if the ledger is not clean
     */
    boolean run(@Nullable Path keep) {
        if (settings.skew()) {
            FakeClock.requireInstalled();
        }
        Plans plans = Plans.of(settings);
        print("The faults of seed " + settings.seed() + ":");
        plans.lines().forEach(line -> print("  " + line));
        TemporaryFolder temporary = TemporaryFolder.create("handover-torture-");
        Path folder = keep == null ? temporary.path() : create(keep);
        boolean clean = false;
        try {
            clean = run(plans, folder);
            return clean;
        } finally {
            if (stop.isRequested()) {
                print("Stopped.");
            }
            if (clean || keep != null || stop.isRequested()) {
                temporary.close();
            } else {
                print("The logs of all processes and the records of the topics are in " + folder);
            }
        }
    }

    private static Path create(Path folder) {
        try {
            return Files.createDirectories(folder).toAbsolutePath();
        } catch (IOException e) {
            throw new CommandException("Cannot create the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private boolean run(Plans plans, Path folder) {
        if (settings.skew()) {
            Deployment.CLIENTS.forEach(client -> clocks.put(client, FakeClock.of(folder.resolve(client + ".clock"))));
        }
        plans.skews.begin(clocks);
        try (TemporaryFolder data = TemporaryFolder.in(folder, "data-");
                Genesys genesys = new Genesys();
                Deployment deployment = new Deployment(folder, data.path(), environment(), genesys.access(), clocks);
                ClusterHealth health = new ClusterHealth(deployment)) {
            start(deployment, health);
            if (stop.isRequested()) {
                return false;
            }
            return torture(plans, folder, genesys, deployment, health);
        }
    }

    private Map<String, String> environment() {
        Rules rules = times.rules();
        return Map.of(
                "HANDOVER_OUT_OF_ORDER_GRACE_MS", String.valueOf(rules.graceMs()),
                "HANDOVER_TRANSFER_TIMEOUT_MS", String.valueOf(rules.transferTimeoutMs()),
                "HANDOVER_AFTER_CALL_WORK_TIMEOUT_MS", String.valueOf(rules.afterCallWorkTimeoutMs()),
                "HANDOVER_CONVERSATION_RETENTION_MS", String.valueOf(rules.retentionMs()),
                "HANDOVER_AGENT_PROFILES", "on",
                "HANDOVER_AGENT_PROFILE_REFRESH_MS", String.valueOf(times.profileRefreshMs()),
                "HANDOVER_AGENT_PROFILE_RETENTION_MS", String.valueOf(rules.profileRetentionMs()));
    }

    private void start(Deployment deployment, ClusterHealth health) {
        print("Starting three brokers, the ingress bridge and two streams apps ...");
        deployment.brokers().forEach(ChildProcess::start);
        health.awaitBrokers(stop);
        deployment.bridge().start();
        deployment.apps().forEach(ChildProcess::start);
        health.awaitAll(stop);
    }

    private boolean torture(Plans plans, Path folder, Genesys genesys, Deployment deployment, ClusterHealth health) {
        Script script = new Script(
                settings.seed(), System.currentTimeMillis(), 1_000 / settings.rate(), times.tempo(), times.delivery());
        AttemptCounts attempts = new AttemptCounts();
        FaultInjector faults = new FaultInjector(deployment, health, stop);
        try (EventBridge eventBridge = new EventBridge(
                        deployment.endpoint(), deployment.apiKey(), RetryPolicy.DEFAULT, attempts::add);
                Load load = new Load(script, eventBridge);
                CommandWatch watch = CommandWatch.start(deployment.bootstrapServers())) {
            Progress progress = new Progress(load, eventBridge, attempts, faults, watch);
            load(plans, genesys, load, faults, progress);
            boolean quiet = awaitQuiet(health, load, progress);
            if (stop.isRequested()) {
                return false;
            }
            Ledger ledger = new Ledger(times.rules());
            if (!quiet) {
                ledger.enter(new Finding(
                        Defect.UNFINISHED,
                        "not quiet within " + QUIET_WITHIN.toMinutes() + " minutes, open deliveries: "
                                + eventBridge.open()));
            }
            watch.early().forEach(ledger::enter);
            try (TopicDump dump = TopicDump.to(folder.resolve("topics.tsv"))) {
                long ticks = Audit.run(
                        deployment.bootstrapServers(),
                        script,
                        Answers.of(attempts, eventBridge.deadLetterQueue()),
                        genesys.answers(),
                        System.currentTimeMillis(),
                        ledger,
                        dump);
                new Report(settings, load, attempts, faults, watch, genesys.answers(), deployment, ledger, ticks)
                        .print(out);
            }
            return ledger.isClean();
        }
    }

    /** Keeps the load running until its time is up and the faults are over. */
    private void load(Plans plans, Genesys genesys, Load load, FaultInjector faults, Progress progress) {
        load.start();
        long until = System.nanoTime() + settings.load().toNanos();
        CompletableFuture<Void> injected = CompletableFuture.allOf(
                runAsync(() -> faults.run(plans.faults)),
                runAsync(() -> plans.skews.run(clocks, stop)),
                runAsync(() -> plans.troubles.run(genesys::become, stop)));
        while ((!faults.areAllOver() || System.nanoTime() < until)
                && !injected.isCompletedExceptionally()
                && !stop.await(POLL_EVERY)) {
            progress.printSometimes();
        }
        load.end();
        try {
            while (!injected.isDone() && !stop.await(POLL_EVERY)) {
                progress.printSometimes();
            }
            injected.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a task in a thread of its own, because the common pool can have fewer threads than there are plans. */
    private static CompletableFuture<Void> runAsync(Runnable task) {
        return CompletableFuture.runAsync(task, command -> {
            Thread thread = new Thread(command, "faults");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /**
     * Waits until all deliveries are done, the apps have read them, the lookups are done, and no record was written for longer than any
     * timeout. Returns false after {@code QUIET_WITHIN} or a stop request.
     */
    private boolean awaitQuiet(ClusterHealth health, Load load, Progress progress) {
        long quietNanos = TimeUnit.MILLISECONDS.toNanos(times.longestTimeoutMs() + QUIET_MARGIN_MS);
        long giveUp = System.nanoTime() + QUIET_WITHIN.toNanos();
        Map<?, Long> ends = Map.of();
        long changed = System.nanoTime();
        while (System.nanoTime() < giveUp && !stop.await(POLL_EVERY)) {
            progress.printSometimes();
            Map<?, Long> now = health.ends();
            if (!now.equals(ends) || !load.isOver()) {
                ends = now;
                changed = System.nanoTime();
            } else if (System.nanoTime() - changed > quietNanos && health.isAllRead()) {
                return true;
            }
        }
        return false;
    }

    private void print(String line) {
        err.println(line);
    }

    /** The progress, one line every few seconds. */
    private final class Progress {

        private final Load load;
        private final EventBridge eventBridge;
        private final AttemptCounts attempts;
        private final FaultInjector faults;
        private final CommandWatch watch;
        private long printedAt = System.nanoTime();

        private Progress(
                Load load, EventBridge eventBridge, AttemptCounts attempts, FaultInjector faults, CommandWatch watch) {
            this.load = load;
            this.eventBridge = eventBridge;
            this.attempts = attempts;
            this.faults = faults;
            this.watch = watch;
        }

        private void printSometimes() {
            long now = System.nanoTime();
            if (now - printedAt < PRINT_EVERY.toNanos()) {
                return;
            }
            printedAt = now;
            print(String.format(
                    Locale.ROOT,
                    "%5d s  conversations: %d open, %d done; deliveries: %d accepted, %d open, %d failed attempts;"
                            + " commands: %d; fault: %s",
                    TimeUnit.NANOSECONDS.toSeconds(now - startedAt),
                    load.begun() - load.over(),
                    load.over(),
                    attempts.accepted(),
                    eventBridge.open(),
                    attempts.failuresByResult().values().stream()
                            .mapToLong(Long::longValue)
                            .sum(),
                    watch.seen(),
                    faults.current()));
        }
    }
}
