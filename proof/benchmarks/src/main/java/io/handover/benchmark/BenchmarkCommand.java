package io.handover.benchmark;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./handover benchmark}. */
@Command(
        name = "benchmark",
        description = {
            "Measures the product beside others that do less, or that do it as the field does, in one run.",
            "",
            "Compare ratios of one run, not figures of two: machines are noisy. There is no verdict if the machine did"
                    + " other work meanwhile."
        },
        customSynopsis = "./handover benchmark COMMAND [OPTIONS]",
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover benchmark topology",
            "    ./handover benchmark latency",
            "    ./handover benchmark growth",
            "    ./handover benchmark queries",
            "    ./handover benchmark bridge",
            "    ./handover benchmark backtest",
            "    ./handover benchmark start",
            "    ./handover benchmark loops"
        })
public final class BenchmarkCommand implements Callable<Integer> {

    private final PrintStream out;

    @Mixin
    HelpOption help = new HelpOption();

    @Spec
    @Nullable
    CommandSpec spec;

    private BenchmarkCommand(PrintStream out) {
        this.out = out;
    }

    /** Returns the command with its subcommands. */
    public static CommandLine commandLine(PrintStream out, PrintStream err, StopSignal stop) {
        return new CommandLine(new BenchmarkCommand(out))
                .addSubcommand(new TopologyCommand(out, err, stop))
                .addSubcommand(new LatencyCommand(out, err, stop))
                .addSubcommand(new GrowthCommand(out, err, stop))
                .addSubcommand(new QueriesCommand(out, err, stop))
                .addSubcommand(new BridgeCommand(out, err, stop))
                .addSubcommand(new StartCommand(out, err, stop))
                .addSubcommand(new LoopsCommand(out, err))
                .addSubcommand(new BacktestCommand(out, err, stop));
    }

    @Override
    public Integer call() {
        Objects.requireNonNull(spec, "spec").commandLine().usage(out);
        return CommandRunner.EXIT_OK;
    }
}
