package io.handover.quickstart;

import io.handover.embeddedkafka.FreePorts;
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

/** One run of the quick start: start, send, tell the story, wait, stop. */
final class QuickstartRun {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration TELL_EVERY = Duration.ofSeconds(2);
    private static final Duration TELL_HELD_EVERY = Duration.ofSeconds(5);
    private static final int NAMED_REFUSALS = 20;

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

    /** Runs, and returns whether everything was delivered that should be. */
    boolean run() {
        FreePorts.requireFree(options.ports());
        try (TemporaryFolder temporary = TemporaryFolder.create("handover-quickstart-")) {
            Path folder = options.data == null ? temporary.path() : options.data.toAbsolutePath();
            // Checked before anything starts: most mistakes are in what was typed.
            QuickstartSettings settings =
                    QuickstartSettings.of(options, FreePorts.HOST + ":" + options.kafkaPort, folder.resolve("streams"));
            DeliveryFile file = options.deliveries == null
                    ? null
                    : DeliveryFile.open(temporary.regular(options.deliveries), Instant.now(), settings.retention());
            tell("Starting broker, ingress bridge and streams app in one JVM ...");
            long started = System.nanoTime();
            try (Quickstart quickstart = Quickstart.start(options, folder, out, stop)) {
                if (stop.isRequested()) {
                    return true;
                }
                introduce(quickstart, Duration.ofNanos(System.nanoTime() - started));
                DeliverySender sender =
                        new DeliverySender(quickstart.endpoint(), QuickstartSettings.apiKey(options), stop);
                boolean delivered = file == null ? play(quickstart, sender) : send(file, sender);
                awaitEnd(quickstart);
                return delivered;
            } finally {
                tell(options.exit && !stop.isRequested() ? "Done." : "Stopped.");
            }
        }
    }

    private void introduce(Quickstart quickstart, Duration took) {
        tell("Ready after %.1f s.".formatted(took.toMillis() / 1_000.0));
        tell("  deliveries   POST " + quickstart.endpoint());
        tell("  Kafka        " + quickstart.bootstrapServers());
        tell("  bridge       http://" + FreePorts.HOST + ":" + quickstart.bridgeManagementPort() + "/metrics");
        tell("  streams app  http://" + FreePorts.HOST + ":" + quickstart.streamsManagementPort() + "/metrics");
        tell("Commands are printed on standard output, one JSON document a line; all else on standard error.");
        tell("");
    }

    private boolean play(Quickstart quickstart, DeliverySender sender) {
        String organization = options.organization == null ? Samples.ORGANIZATION : options.organization;
        Samples samples = Samples.of(UUID.randomUUID(), organization, Instant.now());
        // Asked for before anything is sent: an end that was told before cannot be awaited.
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
            tell(number + ". " + scenario.title() + "  (conversation " + scenario.conversationId() + ")");
            scenario.story().lines().forEach(line -> tell("   " + line));
            for (OutgoingDelivery delivery : scenario.deliveries()) {
                Answer answer = sender.sendAndWait(delivery);
                tell("     %-20s -> %s".formatted(delivery.title(), answer));
                delivered &= answer.accepted() || (scenario.refused() && answer.status() == 403);
            }
        }
        tell("");
        return delivered;
    }

    /** Waits for that end; if settings say that it never comes, until that is certain. */
    private void await(CompletableFuture<Void> end, Quickstart quickstart) {
        boolean certain = false;
        while (!end.isDone() && !certain && !stop.await(LOOK_EVERY)) {
            certain = quickstart.settled();
        }
    }

    private boolean send(DeliveryFile file, DeliverySender sender) {
        announce(file);
        Tally tally = new Tally(file.deliveries());
        file.forEach(delivery -> {
            if (!stop.isRequested()) {
                sender.send(delivery, answer -> tally.add(delivery, answer));
                tally.tellProgress();
            }
        });
        sender.awaitAnswers();
        tally.tellResult();
        return tally.refused.get() == 0;
    }

    private void announce(DeliveryFile file) {
        tell("Sending " + file.deliveries() + " deliveries of " + options.deliveries + " ...");
        if (!file.shift().isZero()) {
            tell("Some of their events are too old to be accepted: all times are moved forward by "
                    + DurationText.of(file.shift()) + ", so that the newest is now.");
        }
        if (file.partlyTooOld()) {
            tell("They span more time than is kept: the oldest stay too old and will have no effect.");
        }
    }

    private void awaitEnd(Quickstart quickstart) {
        if (!options.exit) {
            new CurlExample(quickstart.endpoint(), options).tell(err);
        }
        long toldAt = System.nanoTime();
        while (!stop.await(LOOK_EVERY)) {
            if (options.exit && quickstart.settled()) {
                return;
            }
            quickstart.requireRunning();
            if (options.exit && System.nanoTime() - toldAt > TELL_HELD_EVERY.toNanos()) {
                toldAt = System.nanoTime();
                tell("Waiting for what is held until its deadline; conversations: " + quickstart.held());
            }
        }
    }

    private void tell(String line) {
        err.println(line);
    }

    /** What became of the deliveries of a file. */
    private final class Tally {

        private final int deliveries;
        private final long startedAt = System.nanoTime();
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();
        private long toldAt = startedAt;

        private Tally(int deliveries) {
            this.deliveries = deliveries;
        }

        private void add(OutgoingDelivery delivery, Answer answer) {
            if (answer.accepted()) {
                accepted.incrementAndGet();
                return;
            }
            int count = refused.incrementAndGet();
            if (count <= NAMED_REFUSALS) {
                tell("  line " + delivery.line() + " (" + delivery.title() + ") -> " + answer);
            } else if (count == NAMED_REFUSALS + 1) {
                tell("  ... more are counted, but not named");
            }
        }

        private void tellProgress() {
            long now = System.nanoTime();
            if (now - toldAt > TELL_EVERY.toNanos()) {
                toldAt = now;
                tell("  %d of %d answered".formatted(accepted.get() + refused.get(), deliveries));
            }
        }

        private void tellResult() {
            double seconds = (System.nanoTime() - startedAt) / 1e9;
            tell("%d deliveries accepted, %d not, in %.1f s.".formatted(accepted.get(), refused.get(), seconds));
            if (accepted.get() == 0 && refused.get() > 0) {
                tell("A deliveries file holds one JSON document a line; jq -c . makes it so.");
            }
            tell("");
        }
    }
}
