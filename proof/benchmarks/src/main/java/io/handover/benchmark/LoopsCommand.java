package io.handover.benchmark;

import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import java.io.PrintStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover benchmark loops}. */
@Command(
        name = "loops",
        description = {
            "Measures by JMH what the streams-app does with each delivery, apart from Kafka and RocksDB: nanoseconds, and"
                    + " bytes that it allocates.",
            "",
            "The parts are those of one delivery: read the JSON, fingerprint, decode the state, decide, encode the state,"
                    + " and the key of a timer."
        },
        customSynopsis = "./handover benchmark loops [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {"    ./handover benchmark loops", "    ./handover benchmark loops --forks 5", "", "Lasts two minutes."
        })
final class LoopsCommand implements Callable<Integer> {

    private static final int ITERATIONS = 5;

    private final PrintStream out;
    private final PrintStream err;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--forks",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many processes measure each part (${DEFAULT-VALUE}); 0 for this one.")
    int forks;

    @Option(
            names = "--iteration-ms",
            paramLabel = "MS",
            defaultValue = "1000",
            description =
                    "How long each of the five iterations of a process is, and of its warm-up (${DEFAULT-VALUE}).")
    int iterationMs;

    @Spec
    @Nullable
    CommandSpec spec;

    LoopsCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        if (forks < 0 || iterationMs < 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "spec").commandLine(),
                    "--forks must be at least 0, and --iteration-ms at least 1.");
        }
        TimeValue iteration = TimeValue.milliseconds(iterationMs);
        Options options = new OptionsBuilder()
                .include("\\b" + Loops.class.getSimpleName() + "\\.")
                .forks(forks)
                // The options of this JVM are those of a short command.
                .jvmArgs("-Xmx512m")
                .warmupIterations(ITERATIONS)
                .warmupTime(iteration)
                .measurementIterations(ITERATIONS)
                .measurementTime(iteration)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        err.println("measuring six parts in " + Math.max(1, forks) + " processes each ...");
        try {
            out.print(text(new Runner(options).run()));
        } catch (RunnerException e) {
            throw new CommandException("The measurement failed: " + e.getMessage(), e);
        }
        return CommandRunner.EXIT_OK;
    }

    private static String text(Collection<RunResult> results) {
        StringBuilder text =
                new StringBuilder(String.format(Locale.ROOT, "%-12s  %10s  %8s  %10s%n", "", "ns", "+-", "bytes"));
        results.stream()
                .sorted(Comparator.comparing(result -> result.getParams().id()))
                .forEach(result -> text.append(line(result)));
        return text.toString();
    }

    private static String line(RunResult run) {
        Result<?> time = run.getPrimaryResult();
        Result<?> bytes = run.getSecondaryResults().get("gc.alloc.rate.norm");
        return String.format(
                Locale.ROOT,
                "%-12s  %10.1f  %8.1f  %10.0f%n",
                time.getLabel(),
                time.getScore(),
                time.getScoreError(),
                bytes == null ? Double.NaN : bytes.getScore());
    }
}
