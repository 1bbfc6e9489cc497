package io.handover.benchmark;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover benchmark backtest}. */
@Command(
        name = "backtest",
        description = {
            "Measures ./handover backtest beside cat FILE | wc -l, and beside zcat FILE | wc -l for a compressed file. Each"
                    + " run is a process of its own with the options of the launcher, from its start to its end, one after"
                    + " the other and round by round.",
            "",
            "Compare ratios of one run, not figures of two: machines are noisy. There is no verdict if the machine did"
                    + " other work meanwhile."
        },
        customSynopsis = "./handover benchmark backtest [OPTIONS]",
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
            "    ./handover benchmark backtest",
            "",
            "Needs Linux with cat, zcat and wc, and 1.4 KB of disk per envelope; lasts about three minutes."
        })
final class BacktestCommand implements Callable<Integer> {

    private static final int FEWEST_RECORDS = 1_000;

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "About so many envelopes of 1 KB in the file (${DEFAULT-VALUE}).")
    int records;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
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
            description = "An empty folder for the files and the logs. By default, a temporary one.")
    @Nullable
    Path keep;

    @Spec
    @Nullable
    CommandSpec spec;

    BacktestCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (records < FEWEST_RECORDS || rounds < 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "spec").commandLine(),
                    "--records must be at least " + FEWEST_RECORDS + ", and --rounds at least 1.");
        }
        if (keep != null) {
            return measure(keep);
        }
        try (TemporaryFolder folder = TemporaryFolder.create("handover-benchmark")) {
            return measure(folder.path());
        }
    }

    private int measure(Path folder) {
        Map<FileReader, List<FileFigures>> all = new BacktestBenchmark(folder, err, stop).run(records, rounds, seed);
        out.print(BacktestBenchmark.text(all));
        return Machine.verdict(BacktestBenchmark.foreign(all), out);
    }
}
