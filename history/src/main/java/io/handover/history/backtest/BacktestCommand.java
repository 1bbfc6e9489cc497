package io.handover.history.backtest;

import io.handover.history.DurationConverter;
import io.handover.history.PastDeliveries;
import io.handover.history.SourceOptions;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.service.StopSignal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover backtest}. */
@Command(
        name = "backtest",
        description = {
            "Runs deliveries of the past through the decisions of the streams app, in virtual time: each counts when it"
                    + " arrived, and what is still held at the end runs to its deadline. Nothing is written to Kafka.",
            "",
            "Without further options the commands go to standard output, a JSON object a line, byte for byte as the"
                    + " application would have sent them. With --compare, several settings are judged with hindsight:"
                    + " which would have ended handovers too early, and which later than needed."
        },
        customSynopsis = "./handover backtest [OPTIONS] SOURCE...",
        sortOptions = false,
        usageHelpWidth = 100)
public final class BacktestCommand implements Callable<Integer> {

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;
    private final Serializer<io.handover.schema.HandoverCommand> serializer =
            HandoverSerdes.commands().serializer();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    boolean help;

    @Mixin
    SourceOptions source = new SourceOptions();

    @Mixin
    PolicyOptions policy = new PolicyOptions();

    @Option(
            names = "--compare",
            paramLabel = "SETTING",
            split = ",",
            converter = Compared.Converter.class,
            description =
                    "Settings to compare, such as 5s,10s,20s,60s for transfer timeouts, or KEY=VALUE of the streams"
                            + " app, several joined by +. The first one is what the others are compared with.")
    List<Compared> compared = new ArrayList<>();

    @Option(
            names = "--against",
            paramLabel = "FILE",
            description = "Compare with the commands that another build wrote to its standard output.")
    @Nullable
    Path against;

    @Option(
            names = "--return-within",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = DurationConverter.class,
            description = "An agent who starts so soon after an end came back, and the end was premature, unless the"
                    + " customer began or ended a session between (${DEFAULT-VALUE}).")
    Duration returnWithin = Duration.ofMinutes(10);

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the comparison as a page with charts: one file that needs no network.")
    @Nullable
    Path report;

    @Option(names = "--json", description = "Write the comparison to standard output as one JSON object.")
    boolean json;

    public BacktestCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        boolean compares = !compared.isEmpty() || against != null || report != null || json;
        List<Setting> settings = settings();
        try (PastDeliveries past = source.open(null)) {
            Backtest backtest = new Backtest(
                    past,
                    settings,
                    Runtime.getRuntime().availableProcessors(),
                    compares ? returnWithin.toMillis() : -1);
            if (!compares) {
                backtest.run((setting, decided) -> print(decided), folded -> !stop.isRequested());
                out.flush();
            }
        }
        return 0;
    }

    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (Compared each : compared) {
            settings.add(Setting.of(each.name(), policy.with(each.settings())));
        }
        if (settings.isEmpty()) {
            settings.add(Setting.of("as set", policy.with(Map.of())));
        }
        return settings;
    }

    private void print(List<Decided> decided) {
        for (Decided each : decided) {
            byte[] command = serializer.serialize(Topics.COMMANDS, each.command());
            out.write(command, 0, command.length);
            out.write('\n');
        }
    }
}
