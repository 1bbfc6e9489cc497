package io.handover.history.options;

import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.TopicReader;
import io.handover.history.sources.Unreadable;
import io.handover.terminal.CommandException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Where deliveries of the past are, and which of them are meant. */
public final class SourceOptions extends SelectionOptions {

    private static final String TOPIC = "topic:";

    @Parameters(
            index = "0+", // after what the command itself names
            arity = "1..*",
            paramLabel = "SOURCE",
            description =
                    "Files or folders with EventBridge envelopes (a JSON object a line, or a JSON array; plain, gzip"
                            + " or zstd), - for standard input, or topic:NAME for a topic of Kafka, which is only read."
                            + " Several are read together in the order of time.")
    public List<String> sources = new ArrayList<>();

    /**
     * Opens the sources.
     *
     * @param conversation the only conversation that is meant; null for all
     * @throws CommandException if one cannot be had
     */
    public PastDeliveries open(@Nullable String conversation) {
        return open(conversation, Map.of());
    }

    /**
     * Opens the sources.
     *
     * @param ends where the partitions of the topic ended when it was read before; empty if it never was
     */
    public PastDeliveries open(@Nullable String conversation, Map<Integer, Long> ends) {
        String topic = topic();
        return topic == null
                ? ofFiles(files(), conversation)
                : ofTopic(TopicReader.Range.all(topic, ends), conversation);
    }

    /**
     * The topic that is the source.
     *
     * @return null if it is files
     * @throws CommandException if it is both, or several
     */
    @Nullable
    public String topic() {
        Set<String> distinct = new LinkedHashSet<>(sources);
        List<String> topics =
                distinct.stream().filter(source -> source.startsWith(TOPIC)).toList();
        if (!topics.isEmpty() && distinct.size() > 1) {
            // Their times mean different things: when a record was written, and when EventBridge had it.
            throw new CommandException("A topic is read alone: give one topic, or files.");
        }
        return topics.isEmpty() ? null : topics.get(0).substring(TOPIC.length());
    }

    /** The files that are the source, those in folders too. */
    public List<Path> files() {
        // By what they truly are: a file that is named twice, or is in a folder too, is read once.
        Map<Path, Path> files = new LinkedHashMap<>();
        sources.forEach(source -> addFiles(source, files));
        return List.copyOf(files.values());
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
