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

/** {@code ./handover benchmark growth}. */
@Command(
        name = "growth",
        description = {
            "Measures what it costs the streams-app to remember many conversations: the CPU per event that a conversation"
                    + " chosen at random only notes, the CPU without traffic, the bytes of state, the time to"
                    + " restore it, and how long another app with standby replicas needs to take over when one is"
                    + " stopped. Each number has a broker and an app, all on this machine and each in a process of its"
                    + " own. In every round, each number has its turn. The apps start with the class archive, if there"
                    + " is one (./handover archive).",
            "",
            "Nine of ten conversations have ended. Each has few events, so it takes fewer bytes than in production. The"
                    + " broker compacts the changelogs. Each noted event adds a fingerprint to a state, up to 256. So with many"
                    + " more events than conversations, few conversations have larger states than many, and the ratio falls."
                    + " RocksDB merges files in some rounds only, so the ratio is that of the means, and seven rounds"
                    + " tell more than three."
                    + " There is no verdict if the machine did other work while events were noted."
        },
        customSynopsis = "./handover benchmark growth [OPTIONS]",
        footer = {
            "    ./handover benchmark growth",
            "  Ten million, beside ten thousand:",
            "    ./handover benchmark growth --conversations 10000 --conversations 10000000",
            "",
            "Needs Linux, for each number 3 GB of memory and 4 GB of disk, and 4 GB of disk more per million conversations."
                    + " Lasts about 14 minutes with the defaults, and about four more per further million. The data are deleted"
                    + " at the end, also with --keep."
        })
final class GrowthCommand extends MeasurementCommand {

    @Option(
            names = "--conversations",
            paramLabel = "N",
            defaultValue = "10000,100000,1000000",
            split = ",",
            description = "How many conversations are remembered (${DEFAULT-VALUE}). Can be repeated. Each number is"
                    + " compared with the first.")
    List<Integer> conversations = List.of();

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Noted events per round (${DEFAULT-VALUE}).")
    int events;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "3000000",
            description =
                    "Events that each app notes before the first round (${DEFAULT-VALUE}), on conversations of their"
                            + " own. With 500000, Java still compiles in the rounds.")
    int warmUp;

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "For how long the app is measured without traffic (${DEFAULT-VALUE}).")
    Duration idle = Duration.ZERO;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the traffic (${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "A setting of the streams-app, such as threads=1. Can be repeated.")
    Map<String, String> set = new TreeMap<>();

    GrowthCommand(PrintStream out, PrintStream err, StopSignal stop) {
        super(out, err, stop);
    }

    @Override
    @Nullable
    String problem() {
        return conversations.stream().anyMatch(number -> number < 1) || events < 1 || warmUp < 0
                ? "--conversations and --events must be at least 1, and --warm-up at least 0."
                : null;
    }

    @Override
    int measure(Path folder) {
        GrowthBenchmark.Settings settings =
                new GrowthBenchmark.Settings(warmUp, events, rounds, idle, seed, environment(set));
        GrowthBenchmark.Result result = new GrowthBenchmark(settings, folder, err, stop).run(conversations);
        out.print(GrowthFigures.text(result.figures()));
        return Machine.verdict(result.foreign(), out);
    }
}
