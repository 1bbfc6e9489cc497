package io.handover.benchmark;

import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
        footer = {
            "    ./handover benchmark topology",
            "  With another setting of the clients:",
            "    ./handover benchmark topology --set kafka.compression.type=zstd",
            "",
            "Needs Linux, 4 GB of memory and 6 GB of disk; lasts about ten minutes."
        })
final class TopologyCommand extends MeasurementCommand {

    private static final int FEWEST_RECORDS = 1_000;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "1500000",
            description = "Deliveries in the log (${DEFAULT-VALUE}). The first half is the warm-up.")
    int records;

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

    TopologyCommand(PrintStream out, PrintStream err, StopSignal stop) {
        super(out, err, stop);
    }

    @Override
    @Nullable
    String problem() {
        return records < FEWEST_RECORDS ? "--records must be at least " + FEWEST_RECORDS + "." : null;
    }

    @Override
    int measure(Path folder) {
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
}
