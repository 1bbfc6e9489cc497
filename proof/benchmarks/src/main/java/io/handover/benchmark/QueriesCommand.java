package io.handover.benchmark;

import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handover benchmark queries}. */
@Command(
        name = "queries",
        description = {
            "Measures the live queries of the management port while the streams-app has traffic and remembers many"
                    + " conversations: the time for one conversation, and for the first 100 of many held ends. It also"
                    + " compares the rate of traffic without a pause with that beside an open page, and counts the CPU time"
                    + " that the page takes.",
            "",
            "Broker, app and the sender of the queries run on this machine and share its processors."
        },
        customSynopsis = "./handover benchmark queries [OPTIONS]",
        footer = {
            "    ./handover benchmark queries",
            "  A short run:",
            "    ./handover benchmark queries --conversations 10000 --held 1000 --events 50000 --rounds 1",
            "",
            "Needs Linux, 4 GB of memory, and per million conversations 5 GB of disk and about four minutes."
        })
final class QueriesCommand extends MeasurementCommand {

    @Option(
            names = "--conversations",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many conversations are remembered (${DEFAULT-VALUE}).")
    int conversations;

    @Option(
            names = "--held",
            paramLabel = "N",
            defaultValue = "100000",
            description = "How many ends are held (${DEFAULT-VALUE}).")
    int held;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "600000",
            description = "Events in each of the six parts of a round (${DEFAULT-VALUE}).")
    int events;

    @Option(
            names = "--per-second",
            paramLabel = "N",
            defaultValue = "50",
            description =
                    "Queries for a conversation per second (${DEFAULT-VALUE}); two for held ends are sent beside them.")
    int perSecond;

    @Option(
            names = "--traffic",
            paramLabel = "N",
            defaultValue = "20000",
            description =
                    "Events per second during the queries (${DEFAULT-VALUE}); 0 for as many as possible. The last part of a"
                            + " round always has as many as possible, and queries for a conversation alone.")
    int traffic;

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

    QueriesCommand(PrintStream out, PrintStream err, StopSignal stop) {
        super(out, err, stop);
    }

    @Override
    @Nullable
    String problem() {
        return conversations < 1 || held < 1 || events < 1 || perSecond < 1 || traffic < 0
                ? "--conversations, --held, --events and --per-second must be at least 1, and --traffic at least 0."
                : null;
    }

    @Override
    int measure(Path folder) {
        QueriesBenchmark.Settings settings = new QueriesBenchmark.Settings(
                conversations, held, events, rounds, perSecond, traffic, seed, environment(set));
        QueriesFigures figures = QueriesBenchmark.measure(settings, folder, err, stop);
        out.print(figures.text());
        return Machine.verdict(figures.foreign(), out);
    }
}
