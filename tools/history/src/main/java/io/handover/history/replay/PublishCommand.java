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
            "Publishes deliveries of the past to a topic: byte for byte, in the order of time, each with the key that the"
                    + " bridge gives it and the time when it arrived (the live topic may have a time of its own). Of a source topic,"
                    + " agent profiles and operators' orders are published, too, and clock ticks are left out.",
            "",
            "The same command resumes where it was stopped or killed: consumers that read committed records see"
                    + " no gap and no duplicate. Its position is the offset of the consumer group handover-replay-NAME."
                    + " Kafka deletes it when nothing was published for offsets.retention.minutes (7 days by default);"
                    + " then the replay starts from the beginning."
        },
        customSynopsis = "./handover replay publish SOURCE... --bootstrap-server HOST:PORT --topic NAME [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything is published, now or before",
            "1:refused or failed, or the sources have no wanted delivery",
            "2:wrong usage",
            "130:stopped by Ctrl-C; the same command resumes"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Show what would be published, without Kafka:",
            "    ./handover replay publish archive/ --topic events-2026-01 --dry-run",
            "  Publish an archive to a new topic:",
            "    ./handover replay publish archive/ --bootstrap-server localhost:9092 \\",
            "      --topic events-2026-01 --create-partitions 4",
            "  Publish one hour of it, ten times as fast as it arrived:",
            "    ./handover replay publish archive/ --bootstrap-server localhost:9092 \\",
            "      --topic events-2026-01 --create-partitions 4 --speed 10x \\",
            "      --from 2026-01-15T10:00:00Z --to 2026-01-15T11:00:00Z",
            "  Publish one conversation of the live topic to another topic:",
            "    ./handover replay publish topic:handover-events --bootstrap-server localhost:9092 \\",
            "      --topic trial --create-partitions 1 --conversation 0b9d1c52-4e0a-4a8e-9d0f-7a1c5e2f3b01"
        })
public final class PublishCommand implements Callable<Integer> {

    private static final String LIVE_WARNING =
            " is the live topic. Streams-app decides on these deliveries, and the bot"
                    + " obeys its commands. A handover that streams-app has never seen, or has forgotten, gets its commands"
                    + " now; one that is decided already gets none again. An event is refused as too old if it is"
                    + " conversation.retention.ms (4 days by default) older than the newest record of its partition. In a"
                    + " partition that is empty or older than these deliveries, no event is too old: they advance its stream"
                    + " time, and every hold that becomes due ends its handover.";

    private static final String TIMES_WARNING =
            "The broker dates these deliveries with the time of publishing (message.timestamp.type=LogAppendTime). A hold"
                    + " is counted from that time, so an event that follows at once can cancel it: ends that a timeout"
                    + " decided in the past can be missing.";

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

    @Option(names = "--topic", paramLabel = "NAME", required = true, description = "The topic to publish to.")
    String topic = "";

    @Option(
            names = "--topic-events",
            paramLabel = "NAME",
            defaultValue = Topics.EVENTS,
            description = "The name of the live topic: the setting topic.events (${DEFAULT-VALUE}).")
    String liveTopic = Topics.EVENTS;

    @Option(
            names = "--create-partitions",
            paramLabel = "N",
            description = "Create the topic with N partitions if it does not exist; it keeps its records for ever, with"
                    + " the times of then.")
    @Nullable
    Integer partitions;

    @Option(
            names = "--speed",
            paramLabel = "SPEED",
            defaultValue = "max",
            converter = SpeedConverter.class,
            description = "The speed: max, realtime, or a factor such as 10x or 0.5x (${DEFAULT-VALUE}). No delivery is"
                    + " published before it is due.")
    double speed = ReplaySpeed.MAX;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The name under which the replay resumes. By default it is derived from the command line.")
    @Nullable
    String name;

    @Option(names = "--again", description = "Publish everything once more if the replay is complete.")
    boolean again;

    @Option(
            names = "--dry-run",
            description = "Only show what would be published. Needs no Kafka, unless the source is a topic.")
    boolean isDryRun;

    @Option(
            names = "--despite-retention",
            description = "Publish deliveries although the topic will soon delete them because of their age.")
    boolean despiteRetention;

    @Option(
            names = "--into-live-topic",
            description = "Needed if the topic is the live one, because the bot obeys the commands that follow.")
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
        boolean isLive = topic.equals(liveTopic);
        if (isLive) {
            if (!intoLiveTopic) {
                throw new CommandException(topic + " is the live topic: a handover that is replayed there gets"
                        + " commands, which the bot obeys. Choose another topic, or add --into-live-topic.");
            }
            err.println("Warning: " + topic + LIVE_WARNING);
        }
        String group = ReplayName.of(name, sources, conversation, topic);
        String fingerprint = ReplayName.fingerprint(sources, conversation);
        Properties client = sources.kafka.client();
        TargetTopic target = TargetTopic.of(client, topic, partitions, isLive);
        if (target.replacesTimes()) {
            err.println(TIMES_WARNING);
        }
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
                    "The replay " + replay + " has other sources, or another selection of them. Give this one another"
                            + " --name to start from the beginning.");
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
                        : "The replay " + replay + " resumes after " + DeliveryCount.number(position.published())
                                + " deliveries.");
        Map<Integer, Long> ends = position == null ? Map.of() : position.ends();
        try (DeliveryQueue queue = DeliveryQueue.of(sources.open(conversation, ends))) {
            Publisher publisher = new Publisher(queue, writer, fingerprint, stop);
            if (position != null && !skipPublished(publisher, position)) {
                return stopped(publisher);
            }
            return publish(target, publisher, queue);
        }
    }

    private boolean skipPublished(Publisher publisher, ReplayPosition position) {
        Progress progress = Progress.started(err, "deliveries skipped", position.published());
        try {
            return publisher.skipPublished(position, progress);
        } finally {
            progress.done();
        }
    }

    private int publish(TargetTopic target, Publisher publisher, DeliveryQueue queue) {
        long begunAt = nanoTime.getAsLong();
        Progress progress = Progress.started(err, "deliveries", Progress.UNKNOWN)
                .ofAll(queue::fraction)
                .at(publisher.count()::reached);
        boolean isComplete;
        try {
            isComplete = publisher.publish(
                    new ReplaySpeed(speed, nanoTime),
                    progress,
                    time -> target.requireAccepted(time, System.currentTimeMillis(), despiteRetention));
        } finally {
            progress.done();
        }
        if (!isComplete) {
            return stopped(publisher);
        }
        err.println(queue.past().summary());
        double seconds = Math.max(1, nanoTime.getAsLong() - begunAt) / NANOS_PER_SECOND;
        err.println(String.format(
                Locale.ROOT,
                "Published %s to %s in %.1f s (%,.0f/s).",
                publisher.count(),
                topic,
                seconds,
                publisher.count().count() / seconds));
        return CommandRunner.EXIT_OK;
    }

    private int stopped(Publisher publisher) {
        err.println("Stopped after " + DeliveryCount.number(publisher.published())
                + " deliveries; the same command resumes there.");
        return CommandRunner.EXIT_STOPPED;
    }

    private int dryRun() {
        DeliveryCount count = new DeliveryCount();
        Progress progress =
                Progress.started(err, "deliveries", Progress.UNKNOWN).at(count::reached);
        try (DeliveryQueue queue = DeliveryQueue.of(sources.open(conversation))) {
            progress.ofAll(queue::fraction);
            while (!stop.isRequested()) {
                DeliveryQueue.Next next = queue.poll(Publisher.POLL_MS);
                progress.advanced(0);
                if (next != null && next.record() == null) {
                    progress.done();
                    queue.past().requireWanted();
                    err.println(queue.past().summary());
                    err.println("Would publish " + count + " to " + topic + ".");
                    return CommandRunner.EXIT_OK;
                }
                if (next != null && next.record() != null && next.record().decides()) {
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
