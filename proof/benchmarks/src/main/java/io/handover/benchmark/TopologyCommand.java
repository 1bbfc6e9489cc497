package io.handover.benchmark;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover benchmark topology}. */
@Command(
        name = "topology",
        description = {
            "Measures the streams-app beside a floor and beside deduplication as the field does it. All read the same log"
                    + " with the same client settings, each in a process of its own, one after the other and round by"
                    + " round. A broker runs on this machine, too.",
            "",
            "The floor does one get and one put of 300 bytes per delivery, and writes every fourth record. Compare"
                    + " ratios of one run, not figures of two: machines are noisy. There is no verdict if the machine did"
                    + " other work meanwhile."
        },
        customSynopsis = "./handover benchmark topology [OPTIONS]",
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
            "    ./handover benchmark topology",
            "  With another setting of the clients:",
            "    ./handover benchmark topology --set kafka.compression.type=zstd",
            "",
            "Needs Linux, 4 GB of memory and 6 GB of disk; lasts about ten minutes."
        })
final class TopologyCommand implements Callable<Integer> {

    private static final int FEWEST_RECORDS = 1_000;

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "1500000",
            description = "Deliveries in the log (${DEFAULT-VALUE}). The first half is the warm-up.")
    int records;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each is measured (${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--contender",
            paramLabel = "NAME",
            description = "Measure only ${COMPLETION-CANDIDATES}. Can be repeated. By default, all.")
    Set<Contender> contenders = EnumSet.allOf(Contender.class);

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the traffic (${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A setting of the streams-app for all, such as threads=1. Can be repeated.")
    Map<String, String> set = new TreeMap<>();

    @Option(
            names = "--keep",
            paramLabel = "FOLDER",
            description = "An empty folder for the logs and the data. By default, a temporary one.")
    @Nullable
    Path keep;

    @Spec
    @Nullable
    CommandSpec spec;

    TopologyCommand(PrintStream out, PrintStream err, StopSignal stop) {
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
        Map<Contender, List<Figures>> all = new TopologyBenchmark(
                        new TopologyBenchmark.Settings(
                                records, records / 2, rounds, seed, contenders, environment(set)),
                        folder,
                        err,
                        stop)
                .run();
        out.print(TopologyBenchmark.text(all));
        return Machine.verdict(TopologyBenchmark.foreign(all), out);
    }

    /** Settings of a process as its environment variables. */
    static Map<String, String> environment(Map<String, String> settings) {
        Map<String, String> environment = new TreeMap<>();
        settings.forEach((name, value) ->
                environment.put("HANDOVER_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return environment;
    }
}
