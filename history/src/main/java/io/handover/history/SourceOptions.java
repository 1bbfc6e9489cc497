package io.handover.history;

import io.handover.service.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where deliveries of the past are, and which of them are meant. */
public final class SourceOptions {

    private static final String TOPIC = "topic:";
    private static final Path STANDARD_INPUT = Path.of("-");

    @Parameters(
            index = "0+", // after what the command itself names
            arity = "1..*",
            paramLabel = "SOURCE",
            description =
                    "Files or folders with EventBridge envelopes (a JSON object a line, or a JSON array; plain, gzip"
                            + " or zstd), - for standard input, or topic:NAME for a topic of Kafka, which is only read."
                            + " Several are read together in the order of time.")
    List<String> sources = new ArrayList<>();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = InstantConverter.class,
            description = "Only what arrived at that time or later, such as 2026-01-15T10:00:00Z.")
    @Nullable
    Instant from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = InstantConverter.class,
            description = "Only what arrived before that time.")
    @Nullable
    Instant to;

    @Option(
            names = "--organization",
            paramLabel = "ID",
            description = "Only events of this organisation: the last segment of their source.")
    @Nullable
    String organization;

    @Option(
            names = "--broken",
            paramLabel = "FILE",
            defaultValue = "broken-deliveries.ndjson",
            description = "Where what cannot be read goes, with source, line and reason (${DEFAULT-VALUE}); it is"
                    + " written only if there is any.")
    Path broken = Path.of("broken-deliveries.ndjson");

    /**
     * Opens the sources.
     *
     * @param conversation the only conversation that is meant; null for all
     * @throws CommandException if one cannot be had
     */
    public PastDeliveries open(@Nullable String conversation) {
        Selection selection = selection(conversation);
        // By what they truly are: a file that is named twice, or is in a folder too, is read once.
        Map<Path, Path> files = new LinkedHashMap<>();
        Set<String> topics = new LinkedHashSet<>();
        for (String source : sources) {
            if (source.startsWith(TOPIC)) {
                topics.add(source.substring(TOPIC.length()));
            } else {
                addFiles(source, files);
            }
        }
        if (topics.size() > 1 || (topics.size() == 1 && !files.isEmpty())) {
            // Their times mean different things: when a record was written, and when EventBridge had it.
            throw new CommandException("A topic is read alone: give one topic, or files.");
        }
        return topics.isEmpty()
                ? ofFiles(List.copyOf(files.values()), selection)
                : ofTopic(TopicReader.Range.all(topics.iterator().next()), selection);
    }

    /** As they were named. */
    public List<String> names() {
        return List.copyOf(sources);
    }

    /** Whether they are the partitions of a topic, each with a time of its own. */
    public boolean isTopic() {
        return sources.stream().anyMatch(source -> source.startsWith(TOPIC));
    }

    /** Where what cannot be read goes. */
    public Path broken() {
        return broken;
    }

    private Selection selection(@Nullable String conversation) {
        if (from != null && to != null && !from.isBefore(to)) {
            throw new CommandException("Nothing arrived from " + from + " on and before " + to + ".");
        }
        return new Selection(
                from == null ? Long.MIN_VALUE : from.toEpochMilli(),
                to == null ? Long.MAX_VALUE : to.toEpochMilli(),
                conversation,
                organization);
    }

    private PastDeliveries ofFiles(List<Path> files, Selection selection) {
        DeliveryReader reader = new DeliveryReader(selection);
        ExecutorService workers = workers();
        ReadAhead readAhead = new ReadAhead();
        List<Log> logs = new ArrayList<>();
        List<Long> firstTimes = new ArrayList<>();
        for (Path file : files) {
            boolean isPipe = file.equals(STANDARD_INPUT) || !Files.isRegularFile(file);
            logs.add(new FileLog(file.equals(STANDARD_INPUT) ? null : file, reader, workers, readAhead));
            firstTimes.add(isPipe || files.size() == 1 ? Long.MIN_VALUE : FileLog.firstTime(file));
        }
        return new PastDeliveries(logs, firstTimes, null, workers, new BrokenEntries(broken));
    }

    private PastDeliveries ofTopic(TopicReader.Range range, Selection selection) {
        TopicReader topic = new TopicReader(kafka.client(), range, selection.fromMs());
        DeliveryReader reader = new DeliveryReader(selection);
        ExecutorService workers = workers();
        ReadAhead readAhead = new ReadAhead();
        List<Log> logs = new ArrayList<>();
        List<Long> firstTimes = new ArrayList<>();
        topic.partitions().forEach(partition -> {
            logs.add(new TopicLog(topic, partition, reader, workers, readAhead));
            firstTimes.add(Long.MIN_VALUE);
        });
        return new PastDeliveries(logs, firstTimes, topic, workers, new BrokenEntries(broken));
    }

    /** One for each processor; they end with the program, however it ends. */
    private static ExecutorService workers() {
        return Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), work -> {
            Thread thread = new Thread(work, "history-worker");
            thread.setDaemon(true);
            return thread;
        });
    }

    private void addFiles(String source, Map<Path, Path> files) {
        Path path = Path.of(source);
        if (source.isBlank()) {
            throw new CommandException("A source has no name; is a variable of the shell empty?");
        }
        if (path.equals(STANDARD_INPUT)) {
            files.put(path, path);
            return;
        }
        if (!Files.exists(path)) {
            throw new CommandException("There is no file or folder " + source + ".");
        }
        try {
            if (Files.isDirectory(path)) {
                addFilesIn(path, files);
            } else if (!Files.isRegularFile(path)) {
                // a pipe has no other name
                files.put(path, path);
            } else if (isBroken(path)) {
                throw new CommandException(
                        source + " is what --broken writes, and would be lost: choose another file for either.");
            } else {
                files.putIfAbsent(path.toRealPath(), path);
            }
        } catch (IOException e) {
            throw Unreadable.because(source, e);
        }
    }

    private void addFilesIn(Path folder, Map<Path, Path> files) throws IOException {
        boolean isEmpty = true;
        try (Stream<Path> found = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : found.sorted().toList()) {
                if (Files.isRegularFile(file) && !isHidden(folder.relativize(file)) && !isBroken(file)) {
                    files.putIfAbsent(file.toRealPath(), file);
                    isEmpty = false;
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (isEmpty) {
            throw new CommandException("There are no files in the folder " + folder + ".");
        }
    }

    private static boolean isHidden(Path inFolder) {
        for (Path step : inFolder) {
            if (step.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is the file of an earlier run that this one writes over. */
    private boolean isBroken(Path file) throws IOException {
        return Files.exists(broken) && Files.isSameFile(file, broken);
    }
}
