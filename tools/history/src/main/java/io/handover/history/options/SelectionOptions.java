package io.handover.history.options;

import io.handover.history.sources.BrokenEntries;
import io.handover.history.sources.DeliveryFilter;
import io.handover.history.sources.DeliveryReader;
import io.handover.history.sources.FileLog;
import io.handover.history.sources.Log;
import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.ReadAhead;
import io.handover.history.sources.TopicLog;
import io.handover.history.sources.TopicReader;
import io.handover.service.Settings;
import io.handover.terminal.CommandException;
import io.handover.terminal.InstantConverter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that select deliveries of a source, and name the file for broken entries. */
public class SelectionOptions {

    static final Path STANDARD_INPUT = Path.of("-");

    @Mixin
    public KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = InstantConverter.class,
            description = "Only deliveries that arrived at this time or later, such as 2026-01-15T10:00:00Z.")
    @Nullable
    public Instant from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = InstantConverter.class,
            description = "Only deliveries that arrived before this time.")
    @Nullable
    public Instant to;

    @Option(
            names = "--organization",
            paramLabel = "ID",
            description = "Only events of this organisation: the last segment of their source.")
    @Nullable
    public String organization;

    @Option(
            names = "--broken",
            paramLabel = "FILE",
            defaultValue = "broken-deliveries.ndjson",
            description = "Write entries that cannot be read to this file, with source, line and reason"
                    + " (${DEFAULT-VALUE}). The file is created only if there are any.")
    Path broken = Path.of("broken-deliveries.ndjson");

    private DeliveryFilter selection(@Nullable String conversation) {
        return selection(conversation, from);
    }

    private DeliveryFilter selection(@Nullable String conversation, @Nullable Instant first) {
        if (from != null && to != null && !from.isBefore(to)) {
            throw new CommandException("--from " + from + " must be before --to " + to + ".");
        }
        return new DeliveryFilter(
                first == null ? Long.MIN_VALUE : first.toEpochMilli(),
                to == null ? Long.MAX_VALUE : to.toEpochMilli(),
                conversation,
                organization);
    }

    PastDeliveries ofFiles(List<Path> files, @Nullable String conversation) {
        DeliveryReader reader = new DeliveryReader(selection(conversation));
        ExecutorService workers = workers();
        ReadAhead readAhead = new ReadAhead();
        List<Log> logs = new ArrayList<>();
        List<Long> firstTimes = new ArrayList<>();
        for (Path file : files) {
            boolean piped = isPiped(file);
            logs.add(new FileLog(file.equals(STANDARD_INPUT) ? null : file, reader, workers, readAhead));
            firstTimes.add(piped || files.size() == 1 ? Long.MIN_VALUE : FileLog.firstTime(file));
        }
        return new PastDeliveries(logs, firstTimes, List.of(), workers, new BrokenEntries(broken));
    }

    /**
     * Returns whether the source is standard input, a pipe or another file that is not regular. Such a file can be read
     * only once.
     */
    public static boolean isPiped(Path file) {
        return file.equals(STANDARD_INPUT) || !Files.isRegularFile(file);
    }

    public PastDeliveries ofTopic(TopicReader.Range range, @Nullable String conversation) {
        return ofTopics(kafka.client(), List.of(range), selection(conversation), broken);
    }

    PastDeliveries ofInstallation(Settings installation, TopicReader.Range range, @Nullable Instant earliest) {
        Properties client = new Properties();
        client.putAll(installation.kafka());
        return ofTopics(client, List.of(range), selection(null, from == null ? earliest : from), broken);
    }

    /**
     * Opens several parts of topics, and merges them in the order of time.
     *
     * @param from the earliest time of a record; null for all
     * @param broken the file for records that cannot be read
     */
    public static PastDeliveries ofTopics(
            Properties client, List<TopicReader.Range> ranges, @Nullable Instant from, Path broken) {
        long fromMs = from == null ? Long.MIN_VALUE : from.toEpochMilli();
        return ofTopics(client, ranges, new DeliveryFilter(fromMs, Long.MAX_VALUE, null, null), broken);
    }

    private static PastDeliveries ofTopics(
            Properties client, List<TopicReader.Range> ranges, DeliveryFilter selection, Path broken) {
        DeliveryReader reader = new DeliveryReader(selection);
        List<TopicReader> topics = new ArrayList<>();
        ranges.forEach(range -> topics.add(new TopicReader(client, range, selection.fromMs())));
        ExecutorService workers = workers();
        ReadAhead readAhead = new ReadAhead();
        List<Log> logs = new ArrayList<>();
        List<Long> firstTimes = new ArrayList<>();
        for (TopicReader topic : topics) {
            topic.partitions().forEach(partition -> {
                logs.add(new TopicLog(topic, partition, reader, workers, readAhead));
                firstTimes.add(Long.MIN_VALUE);
            });
        }
        return new PastDeliveries(logs, firstTimes, topics, workers, new BrokenEntries(broken));
    }

    /** Creates one thread per processor. They are daemon threads, so they do not keep the JVM running. */
    private static ExecutorService workers() {
        return Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), work -> {
            Thread thread = new Thread(work, "history-worker");
            thread.setDaemon(true);
            return thread;
        });
    }
}
