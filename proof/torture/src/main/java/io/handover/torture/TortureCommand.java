package io.handover.torture;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code ./handover torture}. */
@Command(
        name = "torture",
        description = {
            "Proves on real processes that nothing is lost: starts three Kafka brokers, two streams apps and an ingress"
                    + " bridge on this machine, sends them conversations over HTTP, and kills, freezes, cuts off and"
                    + " restarts them meanwhile. The names of the agents come from a fake Genesys, which is slow, refuses,"
                    + " forgets agents or does not answer at times. Afterwards, compares every command in Kafka with those"
                    + " that a second, independent model finds for the same log.",
            "",
            "Progress goes to standard error, the ledger to standard output. The ledger is clean if no delivery that was"
                    + " answered with 2xx is lost, no command is lost, duplicated, early, late or unexpected or shows"
                    + " another name, and every lookup of an agent has a profile, unless Genesys refused it."
                    + " Conversations whose handovers an outage mixed up may differ from the model, but at most 1 %% of"
                    + " all."
        },
        customSynopsis = "./handover torture [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the ledger is clean",
            "1:the ledger is not clean, or the run failed",
            "2:wrong usage",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Every kind of fault once:",
            "    ./handover torture",
            "  The faults and conversations of an earlier run:",
            "    ./handover torture --seed 42 --minutes 5",
            "  The same with wrong clocks:",
            "    ./handover torture --seed 42 --minutes 5 --skew",
            "  Only the ledger; keeps the logs of all processes:",
            "    ./handover torture --keep torture-logs 2>/dev/null",
            "",
            "Needs a Unix, two processors and 3 GB of memory. Lasts some minutes longer than its load: a run"
                    + " with ten minutes of load took 16 minutes."
        })
public final class TortureCommand implements Callable<Integer> {

    private static final double SECONDS = 60;
    private static final double MOST_MINUTES = 24 * 60;
    private static final double MOST_CONVERSATIONS_PER_SECOND = 1_000;

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "3",
            description = "Duration of the load in minutes, such as 0.8 or 30 (${DEFAULT-VALUE}). From 2.1 on, every"
                    + " kind of fault happens.")
    double minutes;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of the run. The same seed gives the same faults in the same order, and the same"
                    + " conversations. By default, each run has another one.")
    @Nullable
    Long seed;

    @Option(
            names = "--conversations-per-second",
            paramLabel = "N",
            defaultValue = "8",
            description =
                    "How many conversations begin per second (${DEFAULT-VALUE}). Each has about twenty deliveries.")
    double rate;

    @Option(
            names = "--skew",
            description = "Give wrong clocks to the apps and the bridge: up to 30 s ahead of or behind the brokers, and"
                    + " changing during the run, as the seed plans it. Needs libfaketime (Debian: faketime).")
    boolean skew;

    @Option(
            names = "--keep",
            paramLabel = "FOLDER",
            description = "Keep the logs of all processes and the records of the topics in this folder. Without it,"
                    + " they are kept only if the ledger is not clean.")
    @Nullable
    Path keep;

    @Spec
    @Nullable
    CommandSpec spec;

    public TortureCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        double shortest = FaultPlan.shortest().toMillis() / 1_000.0 / SECONDS;
        require(minutes >= shortest && minutes <= MOST_MINUTES, "--minutes", shortest, MOST_MINUTES);
        require(
                rate > 0 && rate <= MOST_CONVERSATIONS_PER_SECOND,
                "--conversations-per-second",
                0,
                MOST_CONVERSATIONS_PER_SECOND);
        TortureRun run = new TortureRun(
                new TortureRun.Settings(
                        Duration.ofMillis(Math.round(minutes * SECONDS * 1_000)),
                        seed == null ? System.currentTimeMillis() % 1_000_000 : seed,
                        rate,
                        skew),
                out,
                err,
                stop);
        return run.run(keep) ? CommandRunner.EXIT_OK : CommandRunner.EXIT_FAILURE;
    }

    private void require(boolean condition, String option, double least, double most) {
        if (!condition) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "spec").commandLine(),
                    String.format(
                            Locale.ROOT, "%s must be from %.2f to %.0f", option, Math.ceil(least * 100) / 100, most));
        }
    }
}
