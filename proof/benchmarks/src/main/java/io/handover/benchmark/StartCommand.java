package io.handover.benchmark;

import io.handover.benchmark.StartBenchmark.JavaOptions;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handover benchmark start}. */
@Command(
        name = "start",
        description = {
            "Measures how soon both processes are ready, and what the first deliveries after a start cost: a log waits,"
                    + " and a new streams-app reads it. With and without the class archives, round by round.",
            "",
            "./handover archive writes the class archives. There is no verdict if the machine did other work meanwhile."
        },
        customSynopsis = "./handover benchmark start [OPTIONS]",
        footer = {
            "    ./handover archive && ./handover benchmark start",
            "  Other options of Java beside those of the command:",
            "    ./handover benchmark start --java-options \"-XX:+UseSerialGC\"",
            "",
            "Needs Linux and 3 GB of memory; lasts about two minutes."
        })
final class StartCommand extends MeasurementCommand {

    private static final int FEWEST_RECORDS = 1_000;
    private static final int FIRST_JAVA_WITH_PROFILES = 25;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Deliveries that wait (${DEFAULT-VALUE}).")
    int records;

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
            names = "--write-archive",
            paramLabel = "FILE",
            description =
                    "Measure nothing: let one streams-app read the deliveries, and write the class archive with which Java"
                            + " 25 or newer starts it. ./handover archive does this.")
    @Nullable
    Path writeArchive;

    StartCommand(PrintStream out, PrintStream err, StopSignal stop) {
        super(out, err, stop);
    }

    @Override
    @Nullable
    String problem() {
        if (writeArchive != null && Runtime.version().feature() < FIRST_JAVA_WITH_PROFILES) {
            return "--write-archive needs Java " + FIRST_JAVA_WITH_PROFILES + " or newer.";
        }
        return records < FEWEST_RECORDS ? "--records must be at least " + FEWEST_RECORDS + "." : null;
    }

    @Override
    int measure(Path folder) {
        if (writeArchive != null) {
            new StartBenchmark(new StartBenchmark.Settings(records, rounds, seed, Map.of()), folder, err, stop)
                    .writeArchive(writeArchive);
            return CommandRunner.EXIT_OK;
        }
        JavaOptions archive = new JavaOptions(MeasuredProcess.archiveOfApp(), MeasuredProcess.archive());
        Map<String, JavaOptions> options = new LinkedHashMap<>();
        options.put("plain", new JavaOptions(List.of(), List.of()));
        if (!archive.bridge().isEmpty()) {
            options.put("archive", archive);
        }
        for (String text : javaOptions) {
            options.put(text, archive.and(text.split(" +")));
        }
        Map<String, List<StartFigures>> all = new StartBenchmark(
                        new StartBenchmark.Settings(records, rounds, seed, options), folder, err, stop)
                .run();
        out.print(StartBenchmark.text(all));
        return Machine.verdict(StartBenchmark.foreign(all), out);
    }
}
