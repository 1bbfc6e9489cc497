package io.handover.history.replay;

import io.handover.history.options.SourceOptions;
import io.handover.schema.Topics;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover replay publish}. */
@Command(
        name = "publish",
        description = {
            "Publishes deliveries of the past to a topic: byte for byte, in the order of time, under the keys that the"
                    + " bridge gives, each with the time at which it arrived then. Clock ticks and agent profiles of a"
                    + " topic are left out.",
            "",
            "The same command started again goes on where the last one ended, also if that was killed: nothing is missing"
                    + " and nothing is twice, for consumers that read what is committed. How far it is stands in Kafka,"
                    + " as the offset of the consumer group handover-replay-NAME; a cluster forgets it when nothing was"
                    + " published for offsets.retention.minutes (7 days by default), and then it begins from the start."
        },
        customSynopsis = "./handover replay publish SOURCE... --bootstrap-server HOST:PORT --topic NAME [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything is published, or was already",
            "1:not everything could be published",
            "2:wrong usage",
            "130:stopped by Ctrl-C; the same command goes on"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  What would be published, without any Kafka:",
            "    ./handover replay publish archive/ --topic events-2026-01 --dry-run",
            "  An archive into a topic of its own:",
            "    ./handover replay publish archive/ --bootstrap-server localhost:9092 \\",
            "      --topic events-2026-01 --create-partitions 4",
            "  An hour of it, ten times as fast as it was:",
            "    ./handover replay publish archive/ --bootstrap-server localhost:9092 \\",
            "      --topic events-2026-01 --create-partitions 4 --speed 10x \\",
            "      --from 2026-01-15T10:00:00Z --to 2026-01-15T11:00:00Z",
            "  One conversation of the live topic, into another:",
            "    ./handover replay publish topic:handover-events --bootstrap-server localhost:9092 \\",
            "      --topic trial --create-partitions 1 --conversation 0b9d1c52-4e0a-4a8e-9d0f-7a1c5e2f3b01"
        })
public final class PublishCommand implements Callable<Integer> {

    private static final String LIVE_WARNING =
            "Warning: " + Topics.EVENTS + " is the live topic. A streams app on it acts"
                    + " on what is published, and the bot obeys its commands. An event that is conversation.retention.ms (4 days"
                    + " by default) behind the newest record of its partition is refused as too old, and what is decided already"
                    + " makes no second command; but a handover that the application has never seen, or has forgotten, gets its"
                    + " commands now. Where a partition is empty, or its newest record is older than these deliveries, nothing"
                    + " is too old: time goes on with them, and every hold that is due by then fires.";

    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintStream err;
    private final StopSignal stop;
    private final LongSupplier nanoTime;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    SourceOptions sources = new SourceOptions();

    @Option(names = "--conversation", paramLabel = "ID", description = "Only events of this conversation.")
    @Nullable
    String conversation;

    @Option(names = "--topic", paramLabel = "NAME", required = true, description = "Where to. There is no default.")
    String topic = "";

    @Option(
            names = "--create-partitions",
            paramLabel = "N",
            description =
                    "Create the topic with so many partitions if it does not exist; it keeps its records for ever.")
    @Nullable
    Integer partitions;

    @Option(
            names = "--speed",
            paramLabel = "SPEED",
            defaultValue = "max",
            converter = SpeedConverter.class,
            description =
                    "How fast: max, realtime, or a factor such as 10x or 0.5x (${DEFAULT-VALUE}). None is published"
                            + " before it is due.")
    double speed = ReplaySpeed.MAX;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "By what the replay is known when it goes on. By default the same command line has the same"
                    + " name.")
    @Nullable
    String name;

    @Option(names = "--again", description = "If the replay is complete, publish everything once more.")
    boolean again;

    @Option(
            names = "--dry-run",
            description = "Only read, and say what would be published. Needs no Kafka, unless the source is a topic.")
    boolean isDryRun;

    @Option(names = "--despite-retention", description = "Publish also what the topic deletes soon because of its age.")
    boolean despiteRetention;

    @Option(
            names = "--into-live-topic",
            description = "Needed if the topic is " + Topics.EVENTS + ", because a bot obeys what comes of it.")
    boolean intoLiveTopic;

    @Spec
    @Nullable
    CommandSpec spec;

    PublishCommand(PrintStream err, StopSignal stop) {
        this(err, stop, System::nanoTime);
    }

    PublishCommand(PrintStream err, StopSignal stop, LongSupplier nanoTime) {
        this.err = err;
        this.stop = stop;
        this.nanoTime = nanoTime;
    }

    @Override
    public Integer call() {
        require(partitions == null || partitions > 0, "--create-partitions must be at least 1");
        require(
                isDryRun || sources.kafka.bootstrapServer != null,
                "Missing required option: '--bootstrap-server=HOST:PORT'");
        if (topic.equals(sources.topic())) {
            throw new CommandException("The topic " + topic + " is the source, and cannot be the target too.");
        }
        if (isDryRun) {
            return dryRun();
        }
        if (topic.equals(Topics.EVENTS)) {
            if (!intoLiveTopic) {
                throw new CommandException(Topics.EVENTS + " is the live topic: a handover that is replayed there gets"
                        + " commands, which the bot obeys. Take another topic, or give --into-live-topic as well.");
            }
            err.println(LIVE_WARNING);
        }
        String group = ReplayName.of(name, sources, conversation, topic);
        String fingerprint = ReplayName.fingerprint(sources, conversation);
        Properties client = sources.kafka.client();
        TargetTopic target = TargetTopic.of(client, topic, partitions);
        try (ReplayWriter writer = new ReplayWriter(client, group, topic)) {
            return publish(target, writer, group, fingerprint);
        }
    }

    private void require(boolean condition, String sentence) {
        if (!condition) {
            throw new ParameterException(Objects.requireNonNull(spec, "spec").commandLine(), sentence);
        }
    }

    private int publish(TargetTopic target, ReplayWriter writer, String group, String fingerprint) {
        String replay = group.substring(ReplayName.PREFIX.length());
        ReplayPosition position = writer.position();
        if (position != null && !position.fingerprint().equals(fingerprint)) {
            throw new CommandException(
                    "The replay " + replay + " was begun with other sources, or with another selection"
                            + " of them; give this one another --name, and it begins from the start.");
        }
        if (position != null && position.isComplete()) {
            if (!again) {
                err.println(
                        "The replay " + replay + " is already complete: " + DeliveryCount.number(position.published())
                                + " deliveries. --again publishes them once more.");
                return CommandRunner.EXIT_OK;
            }
            position = null;
        }
        err.println(
                position == null
                        ? "Publishing to " + topic + " as the replay " + replay + "."
                        : "The replay " + replay + " resumes behind " + DeliveryCount.number(position.published())
                                + " deliveries.");
        Map<Integer, Long> ends = position == null ? Map.of() : position.ends();
        try (DeliveryQueue queue = DeliveryQueue.of(sources.open(conversation, ends))) {
            Publisher publication = new Publisher(queue, writer, fingerprint, stop);
            if (position != null && !passOver(publication, position)) {
                return stopped(publication);
            }
            return publish(target, publication, queue);
        }
    }

    private boolean passOver(Publisher publication, ReplayPosition position) {
        Progress progress = Progress.started(err, "deliveries passed over", position.published());
        try {
            return publication.passOver(position, progress);
        } finally {
            progress.done();
        }
    }

    private int publish(TargetTopic target, Publisher publication, DeliveryQueue queue) {
        long begunAt = nanoTime.getAsLong();
        Progress progress = Progress.started(err, "deliveries", Progress.UNKNOWN)
                .ofAll(queue::fraction)
                .at(publication::reached);
        boolean isComplete;
        try {
            isComplete = publication.publish(
                    new ReplaySpeed(speed, nanoTime),
                    progress,
                    time -> target.requireToTake(time, System.currentTimeMillis(), despiteRetention));
        } finally {
            progress.done();
        }
        if (!isComplete) {
            return stopped(publication);
        }
        double seconds = Math.max(1, nanoTime.getAsLong() - begunAt) / NANOS_PER_SECOND;
        err.println(String.format(
                Locale.ROOT,
                "Published %s to %s in %.1f s (%,.0f/s)%s.",
                publication.count(),
                topic,
                seconds,
                publication.count().count() / seconds,
                DeliveryCount.others(queue.past())));
        return CommandRunner.EXIT_OK;
    }

    private int stopped(Publisher publication) {
        err.println("Stopped: " + DeliveryCount.number(publication.published())
                + " deliveries are published; the same command goes on behind them.");
        return CommandRunner.EXIT_STOPPED;
    }

    private int dryRun() {
        DeliveryCount count = new DeliveryCount();
        Progress progress =
                Progress.started(err, "deliveries", Progress.UNKNOWN).at(count::reached);
        try (DeliveryQueue queue = DeliveryQueue.of(sources.open(conversation))) {
            progress.ofAll(queue::fraction);
            while (!stop.isRequested()) {
                DeliveryQueue.Next next = queue.poll(Publisher.LOOK_MS);
                progress.advanced(0);
                if (next != null && next.record() == null) {
                    progress.done();
                    err.println("Would publish " + count + " to " + topic + DeliveryCount.others(queue.past()) + ".");
                    return CommandRunner.EXIT_OK;
                }
                if (next != null && next.record() != null && next.record().delivery() != null) {
                    count.add(next.record().time());
                    progress.advanced(1);
                }
            }
        } finally {
            progress.done();
        }
        err.println("Stopped.");
        return CommandRunner.EXIT_STOPPED;
    }
}
