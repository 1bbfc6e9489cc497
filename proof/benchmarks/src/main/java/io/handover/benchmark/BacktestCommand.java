package io.handover.benchmark;

import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
        footer = {
            "    ./handover benchmark backtest",
            "",
            "Needs Linux with cat, zcat and wc, and 1.4 KB of disk per envelope; lasts about three minutes."
        })
final class BacktestCommand extends MeasurementCommand {

    private static final int FEWEST_RECORDS = 1_000;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "About so many envelopes of 1 KB in the file (${DEFAULT-VALUE}).")
    int records;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the traffic (${DEFAULT-VALUE}).")
    long seed;

    BacktestCommand(PrintStream out, PrintStream err, StopSignal stop) {
        super(out, err, stop);
    }

    @Override
    @Nullable
    String problem() {
        return records < FEWEST_RECORDS ? "--records must be at least " + FEWEST_RECORDS + "." : null;
    }

    @Override
    int measure(Path folder) {
        Map<FileReader, List<FileFigures>> all = new BacktestBenchmark(folder, err, stop).run(records, rounds, seed);
        out.print(BacktestBenchmark.text(all));
        return Machine.verdict(BacktestBenchmark.foreign(all), out);
    }
}
