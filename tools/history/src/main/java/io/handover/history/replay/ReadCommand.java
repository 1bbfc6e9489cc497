package io.handover.history.replay;

import io.handover.history.options.SelectionOptions;
import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import io.handover.history.sources.TopicReader;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.LineOutput;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover replay read}. */
@Command(
        name = "read",
        description = {
            "Writes the deliveries of a topic to a file, one per line, in the order of time over all partitions. The file"
                    + " is a source for the other commands. Clock ticks, agent profiles and operators' orders are left out. The topic is only"
                    + " read: no consumer group is joined and nothing is committed. Of transactions, only committed ones"
                    + " are read.",
            "",
            "A delivery is written byte for byte, but without line ends. If it has no time, as those of the old data"
                    + " action, the time of its record is inserted as its first field."
        },
        customSynopsis = "./handover replay read --bootstrap-server HOST:PORT --topic NAME [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything is written",
            "1:refused or failed",
            "2:wrong usage",
            "130:stopped by Ctrl-C; the last line is complete"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Save the live topic:",
            "    ./handover replay read --bootstrap-server localhost:9092 --topic handover-events \\",
            "      --out events.ndjson.zst",
            "  Look at one hour of it:",
            "    ./handover replay read --bootstrap-server localhost:9092 --topic handover-events \\",
            "      --from 2026-01-15T10:00:00Z --to 2026-01-15T11:00:00Z | head -n 3",
            "  Read the record that a log line names:",
            "    ./handover replay read --bootstrap-server localhost:9092 --topic handover-events \\",
            "      --partition 2 --from-offset 4711 --to-offset 4712"
        })
public final class ReadCommand implements Callable<Integer> {

    private static final String NO_TIME = "Expected 'time' to be an ISO-8601 time with an offset, but it is not";

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--topic", paramLabel = "NAME", required = true, description = "The topic to read.")
    String topic = "";

    @Mixin
    SelectionOptions selection = new SelectionOptions();

    @Option(names = "--partition", paramLabel = "N", description = "Only this partition.")
    @Nullable
    Integer partition;

    @Option(
            names = "--from-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "Only from this offset on, in each partition.")
    long fromOffset;

    @Option(
            names = "--to-offset",
            paramLabel = "N",
            description = "Only before this offset, in each partition. By default, up to the current end.")
    long toOffset = Long.MAX_VALUE;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The file to write, compressed if its name ends in .gz or .zst, and replaced if it exists. By"
                    + " default, standard output.")
    @Nullable
    Path file;

    @Spec
    @Nullable
    CommandSpec spec;

    ReadCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        if (selection.kafka.bootstrapServer == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "spec").commandLine(),
                    "Missing required option: '--bootstrap-server=HOST:PORT'");
        }
        TopicReader.Range range = new TopicReader.Range(topic, partition, fromOffset, toOffset, Map.of(), Map.of());
        DeliveryCount count = new DeliveryCount();
        Progress progress =
                Progress.started(err, "deliveries", Progress.UNKNOWN).at(count::reached);
        try (PastDeliveries past = selection.ofTopic(range, null);
                OutputStream lines = LineOutput.open(file, out)) {
            progress.ofAll(past::fraction);
            long others = write(past, lines, count, progress);
            lines.flush();
            progress.done();
            err.println(summary(count, others, past));
        } catch (IOException e) {
            throw LineOutput.cannotWrite(file, e);
        } finally {
            progress.done();
        }
        return stop.isRequested() ? CommandRunner.EXIT_STOPPED : CommandRunner.EXIT_OK;
    }

    /** Writes the deliveries. Returns how many records were no deliveries. */
    private long write(PastDeliveries past, OutputStream lines, DeliveryCount count, Progress progress)
            throws IOException {
        long others = 0;
        while (!stop.isRequested()) {
            PastDelivery delivery = past.next();
            if (delivery == null) {
                break;
            }
            if (delivery.delivery() == null) {
                others++;
                continue;
            }
            byte[] line = DeliveryLine.of(delivery);
            if (line == null) {
                past.putAside(delivery, NO_TIME);
                continue;
            }
            lines.write(line);
            count.add(delivery.time());
            progress.advanced(1);
        }
        return others;
    }

    private String summary(DeliveryCount count, long others, PastDeliveries past) {
        return (stop.isRequested() ? "Stopped: wrote " : "Wrote ") + count + " to "
                + (file == null ? "standard output" : file)
                + (others == 0 ? "" : "; " + DeliveryCount.number(others) + " other records left out")
                + DeliveryCount.leftOut(past) + ".";
    }
}
