package io.handover.benchmark;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover benchmark bridge}. */
@Command(
        name = "bridge",
        description = {
            "Measures the bridge beside a bare handler: the same HTTP server, which reads a body, sends it with the same"
                    + " settings of the producer, and answers 200 after the acknowledgement. It reads no header and no"
                    + " delivery, and has no limits, timeouts, metrics or logs.",
            "",
            "Both receive the same deliveries of 1 KB with the headers of EventBridge, in turn and round by round, each in"
                    + " a process of its own. EventBridge opens a connection per delivery; keep-alive shows the"
                    + " difference better. The load and a broker run on this machine, too.",
            "",
            "Compare ratios of one run, not figures of two: machines are noisy. There is no verdict if the machine did"
                    + " other work meanwhile."
        },
        customSynopsis = "./handover benchmark bridge [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured",
            "1:the run failed, or the machine was not quiet",
            "2:wrong usage",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover benchmark bridge",
            "",
            "Needs Linux, 3 GB of memory and 4 GB of disk; lasts about four minutes."
        })
final class BridgeCommand implements Callable<Integer> {

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Deliveries in flight (${DEFAULT-VALUE}), each over a connection of its own.")
    int connections;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "10",
            description = "Seconds of warm-up of each, with keep-alive and without (${DEFAULT-VALUE}).")
    int warmUp;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "Seconds of each in a round, with keep-alive and without (${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each is measured (${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the traffic (${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--keep",
            paramLabel = "FOLDER",
            description = "An empty folder for the logs and the data. By default, a temporary one.")
    @Nullable
    Path keep;

    @Spec
    @Nullable
    CommandSpec spec;

    BridgeCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (connections < 1 || warmUp < 1 || seconds < 1 || rounds < 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "spec").commandLine(),
                    "--connections, --warm-up, --seconds and --rounds must be at least 1.");
        }
        if (keep != null) {
            return measure(keep);
        }
        try (TemporaryFolder folder = TemporaryFolder.create("handover-benchmark")) {
            return measure(folder.path());
        }
    }

    private int measure(Path folder) {
        BridgeBenchmark.Settings settings = new BridgeBenchmark.Settings(
                connections, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds), rounds, seed);
        BridgeResult result;
        try (BridgeBenchmark benchmark = new BridgeBenchmark(settings, folder, err, stop)) {
            result = benchmark.run();
        }
        out.print(result.text());
        return Machine.verdict(result.foreign(), out);
    }
}
