package io.handover.benchmark;

import io.handover.terminal.DurationConverter;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handover benchmark latency}. */
@Command(
        name = "latency",
        description = {
            "Measures the time from the POST of a delivery to the bridge until a read_committed consumer has the command"
                    + " that it caused, and the CPU of all processes, with and without traffic. Broker, bridge and"
                    + " streams-app run on this machine, each in a process of its own.",
            "",
            "The floor runs behind the same bridge, with the same client settings: one get and one put of 300 bytes per"
                    + " delivery, and every fourth record is written. It commits every 20 ms."
                    + " Compare ratios of one run, not figures of two. There is no verdict if the machine did other work meanwhile."
        },
        customSynopsis = "./handover benchmark latency [OPTIONS]",
        footer = {
            "    ./handover benchmark latency",
            "  With another setting of the clients:",
            "    ./handover benchmark latency --set kafka.poll.ms=100",
            "",
            "Needs Linux and 3 GB of memory; lasts about ten minutes."
        })
final class LatencyCommand extends MeasurementCommand {

    /** The floor writes every fourth record, of each partition. */
    private static final int FEWEST_DELIVERIES = 100;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "50",
            description = "Deliveries per second (${DEFAULT-VALUE}).")
    int rate;

    @Option(
            names = "--deliveries",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Deliveries per round (${DEFAULT-VALUE}).")
    int deliveries;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "6000",
            description = "Deliveries before each round (${DEFAULT-VALUE}), ten times faster.")
    int warmUp;

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "For how long the processes are measured without traffic (${DEFAULT-VALUE}), after a pause"
                    + " of the same length.")
    Duration idle = Duration.ZERO;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A setting of the streams-app for both, such as threads=1. Can be repeated.")
    Map<String, String> set = new TreeMap<>();

    LatencyCommand(PrintStream out, PrintStream err, StopSignal stop) {
        super(out, err, stop);
    }

    @Override
    @Nullable
    String problem() {
        return rate < 1 || deliveries < FEWEST_DELIVERIES || warmUp < 0
                ? "--rate must be at least 1, --deliveries at least " + FEWEST_DELIVERIES
                        + ", and --warm-up at least 0."
                : null;
    }

    @Override
    int measure(Path folder) {
        LatencyBenchmark.Settings settings =
                new LatencyBenchmark.Settings(rate, deliveries, warmUp, rounds, idle, environment(set));
        Map<Contender, List<LatencyFigures>> all = new LatencyBenchmark(settings, folder, err, stop).run();
        out.print(LatencyFigures.text(all));
        return Machine.verdict(LatencyFigures.foreign(all), out);
    }
}
