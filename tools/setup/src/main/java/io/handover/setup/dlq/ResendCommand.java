package io.handover.setup.dlq;

import io.handover.schema.Delivery;
import io.handover.schema.UnreadableRecordException;
import io.handover.setup.dlq.DlqOptions.Place;
import io.handover.setup.plan.Guard;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.SetupSettings;
import io.handover.setup.verify.BridgeRequest;
import io.handover.setup.verify.BridgeRequest.Answer;
import io.handover.setup.verify.Tls;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover dlq resend}. */
@Command(
        name = "resend",
        description = {
            "Sends dead letters to the bridge, exactly as EventBridge delivers them again, and removes those that the"
                    + " bridge has taken.",
            "",
            "It can be stopped at any point; the same command goes on, and nothing is lost. A letter that is sent twice"
                    + " is recognised by streams-app. The bridge takes letters of any age: an event that is older"
                    + " than conversation.retention.ms (4 days by default) decides nothing."
        },
        customSynopsis = "./handover dlq resend [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the bridge has taken all letters",
            "1:some letters stay, or the bridge cannot take any now",
            "2:wrong usage or settings",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover dlq resend",
            "  Faster, and only letters of one cause:",
            "    ./handover dlq resend --rate 100 --cause SDK_CLIENT_ERROR",
            "  Records that the bridge could not read, after an update:",
            "    ./handover dlq resend --from topic --bootstrap-server localhost:9092"
        })
final class ResendCommand implements Callable<Integer> {

    private static final int FAILURES_IN_A_ROW = 5;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    /** The answers that another letter need not get: unreadable, too large, unsupported. */
    private static final Set<Integer> ABOUT_THE_LETTER = Set.of(400, 413, 415);

    private static final String UNREADABLE = "still unreadable";

    private final PrintStream out;
    private final Waiting waiting;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    DlqOptions options = new DlqOptions();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many letters are sent per second at most (${DEFAULT-VALUE}).")
    int rate = 10;

    ResendCommand(PrintStream out, Waiting waiting) {
        this.out = out;
        this.waiting = waiting;
    }

    @Override
    public Integer call() {
        if (rate < 1) {
            throw new CommandException("--rate must be at least 1, not " + rate + ".");
        }
        return Guard.run(waiting.err(), () -> {
            SetupSettings settings = options.setup.settings();
            BridgeRequest bridge = new BridgeRequest(
                    settings, Tls.publicAuthorities(), settings.requiredKey(), BridgeRequest.EVENTBRIDGE_AGENT);
            Progress progress = Progress.started(waiting.err(), "letters", Progress.UNKNOWN);
            Tally tally = new Tally();
            try (DeadLetters letters = options.openToRemove(waiting)) {
                for (List<DeadLetter> some = letters.next(); !some.isEmpty(); some = letters.next()) {
                    for (DeadLetter letter : some) {
                        if (options.wants(letter)) {
                            long start = System.nanoTime();
                            deliver(bridge, letters, letter, tally);
                            progress.advanced(1);
                            pause(start);
                        }
                    }
                }
                progress.done();
                print(tally, letters);
            } catch (RuntimeException e) {
                progress.done();
                out.println("Sent " + tally.sent + " letters.");
                throw e;
            }
            return tally.kept.isEmpty() ? CommandRunner.EXIT_OK : CommandRunner.EXIT_FAILURE;
        });
    }

    /** How many letters were sent, and how many stay, by the answer of the bridge. */
    private static final class Tally {
        private long sent;
        private final Map<String, Long> kept = new TreeMap<>();

        void keep(String reason) {
            kept.merge(reason, 1L, Long::sum);
        }
    }

    /** Sends a letter until the bridge has answered for good. */
    private void deliver(BridgeRequest bridge, DeadLetters letters, DeadLetter letter, Tally tally) {
        // The bridge answers 400 to such a letter, and puts another copy of it into the topic.
        if (options.from == Place.TOPIC && !isReadable(letter)) {
            letters.keep(letter);
            tally.keep(UNREADABLE);
            return;
        }
        for (int failures = 1; ; failures++) {
            waiting.checkStopped();
            Answer answer = bridge.send(letter.body());
            if (answer.isAccepted()) {
                letters.remove(letter);
                tally.sent++;
                return;
            }
            if (answer.isUnauthorized()) {
                throw new CommandException(
                        "The bridge does not accept the key of the file. Correct the key, and run the"
                                + " same command again.");
            }
            if (ABOUT_THE_LETTER.contains(answer.status())) {
                letters.keep(letter);
                tally.keep((answer.status() + " " + answer.outcome()).strip());
                return;
            }
            boolean isTemporary =
                    answer.status() == BridgeRequest.NO_ANSWER || answer.status() == 429 || answer.status() >= 500;
            if (!isTemporary) {
                throw new CommandException(("The endpoint answers " + answer.status() + " " + answer.outcome()).strip()
                        + ". Correct endpoint.url, or the bridge behind it (./handover setup verify), and run the same"
                        + " command again.");
            }
            if (failures == FAILURES_IN_A_ROW) {
                throw new CommandException("The bridge accepts no delivery now (" + answer.status() + " "
                        + answer.outcome() + "). Look at its /health/ready, and run the same command again.");
            }
            if (waiting.stop().await(PAUSE)) {
                waiting.checkStopped();
            }
        }
    }

    private static boolean isReadable(DeadLetter letter) {
        try {
            return Delivery.read(letter.body()).key() != null;
        } catch (UnreadableRecordException e) {
            return false;
        }
    }

    private void pause(long startNanos) {
        long turn = TimeUnit.SECONDS.toNanos(1) / rate;
        long left = turn - (System.nanoTime() - startNanos);
        if (left > 0 && waiting.stop().await(Duration.ofNanos(left))) {
            waiting.checkStopped();
        }
    }

    private void print(Tally tally, DeadLetters letters) {
        out.println("Sent " + tally.sent + " letters.");
        tally.kept.forEach((reason, count) ->
                out.println("Kept " + count + " letters: " + reason + ". They stay " + letters.keptWhere() + "."));
    }
}
