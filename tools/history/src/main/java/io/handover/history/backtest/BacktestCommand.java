package io.handover.history.backtest;

import io.handover.history.options.PolicyOptions;
import io.handover.history.options.SourceOptions;
import io.handover.history.report.BacktestReport;
import io.handover.history.report.ReportJson;
import io.handover.history.report.ReportPage;
import io.handover.history.report.ReportTable;
import io.handover.history.report.Setting;
import io.handover.history.sources.PastDeliveries;
import io.handover.schema.EventType;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.DurationConverter;
import io.handover.terminal.HelpOption;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command {@code ./handover backtest}. */
@Command(
        name = "backtest",
        description = {
            "Runs deliveries of the past through the decisions of streams-app, in virtual time. Each counts when it arrived."
                    + " After the log, time goes on until every handover has ended: by its deadline, or as expired after the"
                    + " retention. Nothing is written to Kafka.",
            "",
            "Without further options the commands go to standard output, one JSON object per line, byte for byte as"
                    + " streams-app would have sent them. With --compare, the ends under several settings are judged with"
                    + " hindsight: which were too early, and which later than needed."
        },
        customSynopsis = "./handover backtest [OPTIONS] SOURCE...",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, also if the sources are empty",
            "1:the sources have no wanted delivery, or cannot be read",
            "2:wrong usage",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  The handovers that streams-app would have ended:",
            "    ./handover backtest archive/ | jq -c 'select(.type == \"handover-ended\")'",
            "  Which transfer timeout?",
            "    ./handover backtest --compare 5s,10s,20s,60s --report timeouts.html archive/",
            "  The same for a day of a topic, with the settings in use and with another after-call-work timeout:",
            "    ./handover backtest --bootstrap-server kafka:9092 --config streams-app.properties \\",
            "        --from 2026-03-02T00:00:00Z --to 2026-03-03T00:00:00Z \\",
            "        --compare 10s,after.call.work.timeout.ms=60000 topic:handover-events",
            "  What would be lost with fewer topics?",
            "    ./handover backtest --compare 10s --topics user.start,user.end,acw archive/",
            "  Does a new build decide as the old one did?",
            "    ./handover backtest archive/ > old.ndjson      (with the old build)",
            "    ./handover backtest --against old.ndjson archive/"
        })
public final class BacktestCommand implements Callable<Integer> {

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;
    private final Serializer<HandoverCommand> serializer =
            HandoverSerdes.commands().serializer();

    /** Whether nobody reads standard output any more. A worker writes to it. */
    private volatile boolean isOutputClosed;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    SourceOptions source = new SourceOptions();

    @Mixin
    PolicyOptions policy = new PolicyOptions();

    @Option(
            names = "--compare",
            paramLabel = "SETTING",
            split = ",",
            converter = ComparedSetting.Converter.class,
            description =
                    "Settings to compare, such as 5s,10s,20s,60s for transfer timeouts, or KEY=VALUE of streams-app,"
                            + " or several of these joined by +. The others are compared with the first one.")
    List<ComparedSetting> compared = new ArrayList<>();

    @Option(
            names = "--topics",
            paramLabel = "TOPIC",
            split = ",",
            converter = TopicConverter.class,
            description = "Decide with these topics only, as if you subscribed to no others, such as"
                    + " user.start,user.end,acw. The ends are judged by all events. Default: all topics.")
    Set<EventType> topics = Backtest.ALL_TOPICS;

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
            description =
                    "An end is premature if an agent starts within this time after it, unless the customer started or"
                            + " ended a session in between (${DEFAULT-VALUE}).")
    Duration returnWithin = Duration.ofMinutes(10);

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write the comparison as an HTML page with charts: one file that needs no network.")
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
        List<Setting> settings = settings();
        if (report != null) {
            // The run can take an hour, so a wrong path must fail before it.
            ReportPage.requireWritable(report);
        }
        return compares() ? compare(settings) : decide(settings);
    }

    private boolean compares() {
        return !compared.isEmpty() || against != null || report != null || json;
    }

    /** Runs one setting and writes its commands to standard output. Returns the exit code. */
    private int decide(List<Setting> settings) {
        try (PastDeliveries past = source.open(null)) {
            Backtest backtest = new Backtest(past, settings, topics, PROCESSORS, Backtest.WITHOUT_HINDSIGHT);
            boolean ended = run(past, backtest, (commands, setting) -> print(commands));
            out.flush();
            return ended ? CommandRunner.EXIT_OK : CommandRunner.EXIT_STOPPED;
        }
    }

    /** Runs all settings and writes their comparison. Returns the exit code. */
    private int compare(List<Setting> settings) {
        try (PastDeliveries past = source.open(null);
                CommandComparison others = against == null ? null : CommandComparison.open(against)) {
            Backtest backtest = new Backtest(past, settings, topics, PROCESSORS, returnWithin.toMillis());
            boolean ended = run(past, backtest, (commands, setting) -> {
                if (others != null && setting == 0) {
                    commands.forEach(each -> add(others, each.command()));
                }
            });
            if (!ended) {
                return CommandRunner.EXIT_STOPPED;
            }
            show(report(settings, past, backtest, others));
            return CommandRunner.EXIT_OK;
        }
    }

    /** Runs the back-test, shows its progress, and says what was read. Returns false if the run was stopped. */
    private boolean run(PastDeliveries past, Backtest backtest, ObjIntConsumer<List<DecidedCommand>> output) {
        Progress progress = Progress.started(err, "deliveries", Progress.UNKNOWN)
                .ofAll(past::fraction)
                .at(() -> "at " + Instant.ofEpochMilli(past.time()));
        boolean ended;
        try {
            ended = backtest.run(output, folded -> {
                progress.advanced(folded);
                return !stop.isRequested() && !isOutputClosed;
            });
        } finally {
            progress.done();
        }
        if (ended) {
            past.requireWanted();
        }
        err.println(past.summary());
        return ended;
    }

    private void show(BacktestReport result) {
        if (json) {
            ReportJson.write(result, out);
        } else {
            ReportTable.write(result, out);
        }
        out.flush();
        if (report != null) {
            ReportPage.write(result, report);
        }
    }

    private void add(CommandComparison others, HandoverCommand command) {
        others.add(
                command.id(),
                command.conversationId(),
                command.decidedAt(),
                new String(serializer.serialize(Topics.COMMANDS, command), StandardCharsets.UTF_8));
    }

    private BacktestReport report(
            List<Setting> settings, PastDeliveries past, Backtest backtest, @Nullable CommandComparison others) {
        Hindsight hindsight = backtest.hindsight();
        List<BacktestReport.Result> results = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            results.add(new BacktestReport.Result(settings.get(i), hindsight.tally(i)));
        }
        return new BacktestReport(
                source.names(),
                backtest.deliveries(),
                past.unwanted(),
                past.broken(),
                hindsight.conversations(),
                backtest.first(),
                Instant.ofEpochMilli(past.time()),
                returnWithin,
                hindsight.announcedGaps(),
                hindsight.unannouncedGaps(),
                results,
                others == null ? null : others.result());
    }

    private List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (ComparedSetting each : compared) {
            settings.add(Setting.of(each.name(), policy.with(each.settings())));
        }
        if (settings.isEmpty()) {
            settings.add(Setting.of("as set", policy.with(Map.of())));
        }
        return settings;
    }

    /** Writes commands at once, because standard output has almost no buffer. */
    private void print(List<DecidedCommand> commands) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (DecidedCommand each : commands) {
            lines.writeBytes(serializer.serialize(Topics.COMMANDS, each.command()));
            lines.write('\n');
        }
        out.writeBytes(lines.toByteArray());
        isOutputClosed = out.checkError();
    }

    static final class TopicConverter implements ITypeConverter<EventType> {

        @Override
        public EventType convert(String text) {
            return Backtest.ALL_TOPICS.stream()
                    .filter(topic -> topic.suffix().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                            + Backtest.ALL_TOPICS.stream()
                                    .map(EventType::suffix)
                                    .collect(Collectors.joining(", "))));
        }
    }
}
