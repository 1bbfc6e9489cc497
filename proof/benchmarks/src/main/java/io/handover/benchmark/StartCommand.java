package io.handover.benchmark;

import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
        footer = {
            "    ./handover archive && ./handover benchmark start",
            "  Other options of Java beside those of the command:",
            "    ./handover benchmark start --java-options \"-XX:+UseSerialGC\"",
            "",
            "Needs Linux and 3 GB of memory; lasts about two minutes."
        })
final class StartCommand extends MeasurementCommand {

    private static final String SHARED_ARCHIVE = "-XX:SharedArchiveFile=";
    private static final int FEWEST_RECORDS = 1_000;

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

    StartCommand(PrintStream out, PrintStream err, StopSignal stop) {
        super(out, err, stop);
    }

    @Override
    @Nullable
    String problem() {
        return records < FEWEST_RECORDS ? "--records must be at least " + FEWEST_RECORDS + "." : null;
    }

    @Override
    int measure(Path folder) {
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
