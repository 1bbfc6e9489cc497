package io.handover.history.generate;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.LineOutput;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import io.handover.traffic.GenesysEvent.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
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
            "Makes up the traffic of a contact centre: what EventBridge delivers of conversations that wait, are declined,"
                    + " served, put through, transferred, wrapped up, given up and reopened. One envelope a line, in the"
                    + " order in which they arrive: most within a second or two, few minutes late, one or two of a"
                    + " hundred twice.",
            "",
            "The same seed gives the same bytes. More conversations, or fewer topics, leave the others as they are."
        },
        customSynopsis = "./handover generate --conversations N [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything is written",
            "1:it cannot be written",
            "2:wrong usage",
            "130:stopped by Ctrl-C; what is written ends with a whole line"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  A look at it:",
            "    ./handover generate --conversations 1",
            "  Three days of a contact centre, a few hundred megabytes:",
            "    ./handover generate --conversations 250000 --out traffic.ndjson.zst",
            "  What an organisation receives that subscribes to little:",
            "    ./handover generate --conversations 1000 --topics user.start,acw,customer.end --out few.ndjson",
            "",
            "Something to try timeouts on: from one agent's leaving to the next one's turn pass up to 90 seconds,",
            "and sometimes nothing tells in between that another one will come."
        })
public final class GenerateCommand implements Callable<Integer> {

    private static final int MOST_CONVERSATIONS = 100_000_000;
    private static final double LEAST_PER_MINUTE = 0.01;
    private static final double MOST_PER_MINUTE = 1_000;
    private static final double MINUTE_MS = 60_000;

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--conversations",
            paramLabel = "N",
            required = true,
            description = "How many conversations begin. Each makes about 17 deliveries of about a kilobyte.")
    int conversations;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Where chance begins (${DEFAULT-VALUE}). Another seed gives other conversations.")
    long seed;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write to this file, anew, and not to standard output; compressed if its name ends in .gz or"
                    + " .zst.")
    @Nullable
    Path file;

    @Option(
            names = "--per-minute",
            paramLabel = "R",
            defaultValue = "60",
            description = "How many conversations begin in a minute (${DEFAULT-VALUE}), such as 0.5 or 200.")
    double perMinute;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            defaultValue = "2026-03-02T08:00:00Z",
            converter = TimeConverter.class,
            description = "When the first one begins (${DEFAULT-VALUE}).")
    @Nullable
    Instant start;

    @Option(
            names = "--topics",
            paramLabel = "TOPIC",
            split = ",",
            converter = TopicConverter.class,
            description = "What Genesys is told to publish, separated by commas. All of them if it is not given:"
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
        GeneratedTraffic traffic = new GeneratedTraffic(new GeneratedTraffic.Settings(
                seed,
                conversations,
                Objects.requireNonNull(start, "start").toEpochMilli(),
                MINUTE_MS / perMinute,
                topics));
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

    /** Reads a time with its offset, of a year that there may be logs of. */
    static final class TimeConverter implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                OffsetDateTime time = OffsetDateTime.parse(text);
                if (time.getYear() > 1970 && time.getYear() < 9_999) {
                    return time.toInstant();
                }
            } catch (DateTimeException e) {
                // no time at all
            }
            throw new TypeConversionException("'" + text + "' is not a time like 2026-03-02T08:00:00Z");
        }
    }

    /** Reads the end of a topic's name. */
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
