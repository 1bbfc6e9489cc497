package io.handover.quickstart;

import io.handover.embeddedkafka.FreePorts;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.quickstart.DeliverySender.Answer;
import io.handover.quickstart.Samples.Scenario;
import io.handover.terminal.DurationText;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the quick start once: starts all parts, sends the deliveries, prints what happens, waits, and stops all parts.
 */
final class QuickstartRun {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(2);
    private static final Duration HELD_EVERY = Duration.ofSeconds(5);
    private static final int PRINTED_REJECTIONS = 20;

    private final QuickstartOptions options;
    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    QuickstartRun(QuickstartOptions options, PrintStream out, PrintStream err, StopSignal stop) {
        this.options = options;
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    /** Runs until the end. Returns whether the bridge answered every delivery as expected. */
    boolean run() {
        FreePorts.requireFree(options.ports());
        try (TemporaryFolder temporary = TemporaryFolder.create("handover-quickstart-");
                FakeGenesys fake = fakeGenesys()) {
            Map<String, String> genesys = genesys(fake);
            Path folder = options.data == null ? temporary.path() : options.data.toAbsolutePath();
            // The settings are checked here, because a wrong option should fail before the broker starts.
            QuickstartSettings settings = QuickstartSettings.of(
                    options, FreePorts.HOST + ":" + options.kafkaPort, genesys, folder.resolve("streams"));
            UserDeliveries file = options.deliveries == null
                    ? null
                    : UserDeliveries.open(temporary.regular(options.deliveries), Instant.now(), settings.retention());
            print("Starting broker, ingress bridge and streams-app in one JVM ...");
            long started = System.nanoTime();
            try (Quickstart quickstart = Quickstart.start(options, genesys, folder, out, stop)) {
                if (stop.isRequested()) {
                    return true;
                }
                introduce(quickstart, Duration.ofNanos(System.nanoTime() - started));
                DeliverySender sender =
                        new DeliverySender(quickstart.endpoint(), QuickstartSettings.apiKey(options), stop);
                boolean delivered = file == null ? play(quickstart, sender, fake) : send(file, sender);
                awaitEnd(quickstart);
                return delivered;
            } finally {
                print(options.exit && !stop.isRequested() ? "Done." : "Stopped.");
            }
        }
    }

    /** The Genesys with the agents of the samples; null if the samples are not sent, or the real one is asked. */
    private @Nullable FakeGenesys fakeGenesys() {
        return options.genesysRegion == null && options.deliveries == null ? FakeGenesys.startWithPortraits(0) : null;
    }

    private Map<String, String> genesys(@Nullable FakeGenesys fake) {
        if (fake != null) {
            return QuickstartSettings.genesys(fake);
        }
        return options.genesysRegion == null
                ? Map.of()
                : QuickstartSettings.genesys(options.genesysRegion, System.getenv());
    }

    private void introduce(Quickstart quickstart, Duration took) {
        print("Ready after %.1f s.".formatted(took.toMillis() / 1_000.0));
        print("  deliveries   POST " + quickstart.endpoint());
        print("  Kafka        " + quickstart.bootstrapServers());
        print("  bridge       http://" + FreePorts.HOST + ":" + quickstart.bridgeManagementPort() + "/metrics");
        print("  streams-app  http://" + FreePorts.HOST + ":" + quickstart.streamsManagementPort() + "/metrics");
        print(
                "Commands are printed on standard output, one JSON document per line; everything else on standard error.");
        print("");
    }

    private boolean play(Quickstart quickstart, DeliverySender sender, @Nullable FakeGenesys fake) {
        String organization = options.organization == null ? Samples.ORGANIZATION : options.organization;
        Samples samples = Samples.of(UUID.randomUUID(), organization, Instant.now());
        if (fake != null) {
            print("Names and pictures of the agents come from a Genesys that is invented: " + fake.baseUrl());
            print("");
            quickstart.lookUp(samples.lookups());
        }
        // The futures must exist before the first delivery is sent: an end that is already printed completes no future.
        Map<String, CompletableFuture<Void>> ends = samples.scenarios().stream()
                .flatMap(scenario -> Stream.ofNullable(scenario.afterEndOf()))
                .collect(Collectors.toMap(Function.identity(), quickstart.commands()::ended));
        boolean delivered = true;
        int number = 0;
        for (Scenario scenario : samples.scenarios()) {
            number++;
            CompletableFuture<Void> end = ends.get(scenario.afterEndOf());
            if (end != null) {
                await(end, quickstart);
            }
            if (stop.isRequested()) {
                return delivered;
            }
            print(number + ". " + scenario.title() + "  (conversation " + scenario.conversationId() + ")");
            scenario.story().lines().forEach(line -> print("   " + line));
            for (OutgoingDelivery delivery : scenario.deliveries()) {
                Answer answer = sender.sendAndWait(delivery);
                print("     %-20s -> %s".formatted(delivery.title(), answer));
                delivered &= answer.accepted() || (scenario.rejected() && answer.status() == 403);
            }
        }
        print("");
        return delivered;
    }

    /**
     * Waits until the end is printed. With some settings there is no end, so it also stops waiting when all is settled.
     */
    private void await(CompletableFuture<Void> end, Quickstart quickstart) {
        boolean settled = false;
        while (!end.isDone() && !settled && !stop.await(LOOK_EVERY)) {
            settled = quickstart.settled();
        }
    }

    private boolean send(UserDeliveries file, DeliverySender sender) {
        announce(file);
        AnswerCount answers = new AnswerCount(file.count());
        file.forEach(delivery -> {
            if (!stop.isRequested()) {
                sender.send(delivery, answer -> answers.add(delivery, answer));
                answers.printProgress();
            }
        });
        sender.awaitAnswers();
        answers.printResult();
        return answers.rejected.get() == 0;
    }

    private void announce(UserDeliveries file) {
        print("Sending " + file.count() + " deliveries of " + options.deliveries + " ...");
        if (!file.shift().isZero()) {
            print("Some events are too old to be accepted, so all times are moved forward by "
                    + DurationText.of(file.shift()) + ": the newest event is now.");
        }
        if (file.partlyTooOld()) {
            print("The events span more time than the retention. The oldest are still too old, and have no effect.");
        }
    }

    private void awaitEnd(Quickstart quickstart) {
        if (!options.exit) {
            new CurlExample(quickstart.endpoint(), options).print(err);
        }
        long printedAt = System.nanoTime();
        while (!stop.await(LOOK_EVERY)) {
            if (options.exit && quickstart.settled()) {
                return;
            }
            quickstart.requireRunning();
            if (options.exit && System.nanoTime() - printedAt > HELD_EVERY.toNanos()) {
                printedAt = System.nanoTime();
                print("Waiting for the deadlines of held ends; conversations: " + quickstart.held());
            }
        }
    }

    private void print(String line) {
        err.println(line);
    }

    /** Counts the answers to the deliveries of a file. */
    private final class AnswerCount {

        private final int deliveries;
        private final long startedAt = System.nanoTime();
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger rejected = new AtomicInteger();
        private long printedAt = startedAt;

        private AnswerCount(int deliveries) {
            this.deliveries = deliveries;
        }

        private void add(OutgoingDelivery delivery, Answer answer) {
            if (answer.accepted()) {
                accepted.incrementAndGet();
                return;
            }
            int count = rejected.incrementAndGet();
            if (count <= PRINTED_REJECTIONS) {
                print("  line " + delivery.line() + " (" + delivery.title() + ") -> " + answer);
            } else if (count == PRINTED_REJECTIONS + 1) {
                print("  ... further ones are counted, but not printed");
            }
        }

        private void printProgress() {
            long now = System.nanoTime();
            if (now - printedAt > PROGRESS_EVERY.toNanos()) {
                printedAt = now;
                print("  %d of %d answered".formatted(accepted.get() + rejected.get(), deliveries));
            }
        }

        private void printResult() {
            double seconds = (System.nanoTime() - startedAt) / 1e9;
            print("%d deliveries accepted, %d not, in %.1f s.".formatted(accepted.get(), rejected.get(), seconds));
            if (accepted.get() == 0 && rejected.get() > 0) {
                print(
                        "No delivery was accepted. The file must contain EventBridge envelopes, or bodies of the old data action.");
            }
            print("");
        }
    }
}
