package io.handover.history.generate;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.InstantConverter;
import io.handover.terminal.LineOutput;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import io.handover.traffic.GenesysEvent.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ./handover generate}. */
@Command(
        name = "generate",
        description = {
            "Generates the traffic of a made-up contact centre: the envelopes that EventBridge delivers. Customers wait in"
                    + " queues, agents decline, serve, consult and transfer, do their after-call work, and customers"
                    + " give up or come back. The output has one envelope per line, in the order of arrival: most arrive"
                    + " within two seconds of the event, a few arrive minutes late, and one or two in a hundred arrive"
                    + " twice.",
            "",
            "The same seed gives the same bytes. With more conversations or fewer topics, the other envelopes stay the same."
        },
        customSynopsis = "./handover generate --conversations N [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all envelopes were written",
            "1:the output cannot be written",
            "2:wrong usage",
            "130:stopped by Ctrl-C; the output ends with a whole line"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Print one conversation:",
            "    ./handover generate --conversations 1",
            "  Three days of a contact centre, a few hundred megabytes:",
            "    ./handover generate --conversations 250000 --out traffic.ndjson.zst",
            "  An organisation that subscribes to only three topics:",
            "    ./handover generate --conversations 1000 --topics user.start,acw,customer.end --out few.ndjson",
            "",
            "Use this traffic to try timeouts: up to 90 seconds pass between two agents of a handover, and",
            "sometimes no event announces the second one."
        })
public final class GenerateCommand implements Callable<Integer> {

    private static final int MOST_CONVERSATIONS = 100_000_000;
    private static final double LEAST_PER_MINUTE = 0.01;
    private static final double MOST_PER_MINUTE = 1_000;
    private static final double MINUTE_MS = 60_000;
    private static final Instant FIRST_START = Instant.parse("1971-01-01T00:00:00Z");
    private static final Instant LAST_START = Instant.parse("9999-01-01T00:00:00Z");

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--conversations",
            paramLabel = "N",
            required = true,
            description = "Number of conversations. Each has about 17 deliveries of about one kilobyte.")
    int conversations;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Seed of the random numbers (${DEFAULT-VALUE}). Another seed gives other conversations.")
    long seed;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Write to this file instead of standard output, and replace its content. It is compressed if its"
                            + " name ends in .gz or .zst.")
    @Nullable
    Path file;

    @Option(
            names = "--per-minute",
            paramLabel = "R",
            defaultValue = "60",
            description = "Number of conversations that begin per minute (${DEFAULT-VALUE}), such as 0.5 or 200.")
    double perMinute;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            defaultValue = "2026-03-02T08:00:00Z",
            converter = InstantConverter.class,
            description = "When the first conversation begins (${DEFAULT-VALUE}).")
    @Nullable
    Instant start;

    @Option(
            names = "--topics",
            paramLabel = "TOPIC",
            split = ",",
            converter = TopicConverter.class,
            description = "Topics that Genesys publishes, separated by commas. Default: all, which are"
                    + " customer.start, customer.end, user.start, user.end, acw, acd.start, acd.end, flow.start,"
                    + " flow.end.")
    Set<Kind> topics = EnumSet.allOf(Kind.class);

    @Spec
    @Nullable
    CommandSpec spec;

    public GenerateCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        require(
                conversations >= 1 && conversations <= MOST_CONVERSATIONS,
                "--conversations must be from 1 to " + MOST_CONVERSATIONS);
        require(
                perMinute >= LEAST_PER_MINUTE && perMinute <= MOST_PER_MINUTE,
                "--per-minute must be from 0.01 to 1000");
        Instant begin = Objects.requireNonNull(start, "start");
        require(
                !begin.isBefore(FIRST_START) && begin.isBefore(LAST_START),
                "--start must be in a year from 1971 to 9998");
        GeneratedTraffic traffic = new GeneratedTraffic(new GeneratedTraffic.Settings(
                seed, conversations, begin.toEpochMilli(), MINUTE_MS / perMinute, topics));
        long envelopes = write(traffic);
        err.printf(
                Locale.ROOT,
                "%s %,d envelopes of %,d conversations.%n",
                stop.isRequested() ? "Stopped after" : "Wrote",
                envelopes,
                traffic.begun());
        return stop.isRequested() ? CommandRunner.EXIT_STOPPED : CommandRunner.EXIT_OK;
    }

    private long write(GeneratedTraffic traffic) {
        Progress progress = Progress.started(err, "conversations", conversations);
        try (GeneratedLines lines = GeneratedLines.to(file, out)) {
            return write(traffic, lines, progress);
        } catch (IOException e) {
            throw LineOutput.cannotWrite(file, e);
        } finally {
            progress.done();
        }
    }

    private long write(GeneratedTraffic traffic, GeneratedLines lines, Progress progress) throws IOException {
        long envelopes = 0;
        int begun = 0;
        while (traffic.hasNext() && !stop.isRequested()) {
            lines.write(traffic.next());
            envelopes++;
            progress.advanced(traffic.begun() - begun);
            begun = traffic.begun();
        }
        return envelopes;
    }

    private void require(boolean condition, String sentence) {
        if (!condition) {
            throw new ParameterException(Objects.requireNonNull(spec, "spec").commandLine(), sentence);
        }
    }

    /** Parses the last part of the name of a Genesys topic, such as {@code user.start}. */
    static final class TopicConverter implements ITypeConverter<Kind> {

        @Override
        public Kind convert(String text) {
            return Arrays.stream(Kind.values())
                    .filter(kind -> kind.topic().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                            + Arrays.stream(Kind.values()).map(Kind::topic).collect(Collectors.joining(", "))));
        }
    }
}
