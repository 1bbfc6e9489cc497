package io.handover.benchmark;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover benchmark start}. */
@Command(
        name = "start",
        description = {
            "Measures how soon both processes are ready, and what the first deliveries after a start cost: a log waits,"
                    + " and a new streams-app reads it. With and without the class archive, round by round.",
            "",
            "./handover archive makes the class archive. There is no verdict if the machine did other work meanwhile."
        },
        customSynopsis = "./handover benchmark start [OPTIONS]",
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
            "    ./handover archive && ./handover benchmark start",
            "  Other options of Java beside those of the command:",
            "    ./handover benchmark start --java-options \"-XX:+UseSerialGC\"",
            "",
            "Needs Linux and 3 GB of memory; lasts about two minutes."
        })
final class StartCommand implements Callable<Integer> {

    private static final String SHARED_ARCHIVE = "-XX:SharedArchiveFile=";
    private static final int FEWEST_RECORDS = 1_000;

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Deliveries that wait (${DEFAULT-VALUE}).")
    int records;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each start is measured (${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--java-options",
            paramLabel = "OPTIONS",
            description =
                    "Also measure starts with these options of Java, and with the class archive. Can be repeated.")
    List<String> javaOptions = List.of();

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

    StartCommand(PrintStream out, PrintStream err, StopSignal stop) {
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
        // The script has started this JVM with the archive. The class path is the same, so it fits the processes, too.
        List<String> archive = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(SHARED_ARCHIVE))
                .toList();
        Map<String, List<String>> options = new LinkedHashMap<>();
        options.put("plain", List.of());
        if (!archive.isEmpty()) {
            options.put("archive", archive);
        }
        for (String text : javaOptions) {
            options.put(
                    text,
                    Stream.concat(archive.stream(), Stream.of(text.split(" +"))).toList());
        }
        Map<String, List<StartFigures>> all = new StartBenchmark(
                        new StartBenchmark.Settings(records, rounds, seed, options), folder, err, stop)
                .run();
        out.print(StartBenchmark.text(all));
        return Machine.verdict(StartBenchmark.foreign(all), out);
    }
}
