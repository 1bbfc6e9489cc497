package io.handover.benchmark;

import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handover benchmark bridge}. */
@Command(
        name = "bridge",
        description = {
            "Measures the bridge beside a bare handler: the same HTTP server, which reads a body, sends it with the same"
                    + " settings of the producer, and answers 200 after the acknowledgement. It reads no header and no"
                    + " delivery, and has no limits, timeouts, metrics or logs.",
            "",
            "Both receive the same deliveries of 1 KB with the headers of EventBridge, in turn and round by round, each in"
                    + " a process of its own. EventBridge opens a connection per delivery; keep-alive shows the"
                    + " difference better. The load and a broker run on this machine, too.",
            "",
            "Compare ratios of one run, not figures of two: machines are noisy. There is no verdict if the machine did"
                    + " other work meanwhile."
        },
        customSynopsis = "./handover benchmark bridge [OPTIONS]",
        footer = {
            "    ./handover benchmark bridge",
            "",
            "Needs Linux, 3 GB of memory and 10 GB of disk; lasts about five minutes."
        })
final class BridgeCommand extends MeasurementCommand {

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Deliveries in flight (${DEFAULT-VALUE}), each over a connection of its own.")
    int connections;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "30",
            description = "Seconds of warm-up of each, with keep-alive and without (${DEFAULT-VALUE}).")
    int warmUp;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "Seconds of each in a round, with keep-alive and without (${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the traffic (${DEFAULT-VALUE}).")
    long seed;

    BridgeCommand(PrintStream out, PrintStream err, StopSignal stop) {
        super(out, err, stop);
    }

    @Override
    @Nullable
    String problem() {
        return connections < 1 || warmUp < 1 || seconds < 1
                ? "--connections, --warm-up and --seconds must be at least 1."
                : null;
    }

    @Override
    int measure(Path folder) {
        BridgeBenchmark.Settings settings = new BridgeBenchmark.Settings(
                connections, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds), rounds, seed);
        BridgeResult result;
        try (BridgeBenchmark benchmark = new BridgeBenchmark(settings, folder, err, stop)) {
            result = benchmark.run();
        }
        out.print(result.text());
        return Machine.verdict(result.foreign(), out);
    }
}
