package io.handover.history.options;

import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.ReadFailure;
import io.handover.history.sources.TopicReader;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.TopicNames;
import io.handover.terminal.CommandException;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Options and parameters that name the sources of deliveries. */
public final class SourceOptions extends SelectionOptions {

    private static final String TOPIC = "topic:";

    @Parameters(
            index = "0+", // after the positional parameters of the command
            arity = "0..*",
            paramLabel = "SOURCE",
            description = "Files or folders with EventBridge envelopes (JSON objects, for example one per line, or JSON"
                    + " arrays; plain, gzip or zstd), - for standard input, or topic:NAME for a Kafka topic,"
                    + " which is not changed. Several files are merged in the order of time. A file in the format of"
                    + " another tool is refused, with the command that converts it.")
    public List<String> sources = new ArrayList<>();

    /**
     * Opens the sources.
     *
     * @param conversation the only conversation that is read; null for all
     * @throws CommandException if a source cannot be opened
     */
    public PastDeliveries open(@Nullable String conversation) {
        return open(conversation, Map.of());
    }

    /**
     * Opens the sources.
     *
     * @param conversation the only conversation that is read; null for all
     * @param ends the end offsets of an earlier reading of the topic, by partition; empty if there was none
     * @throws CommandException if a source cannot be opened
     */
    public PastDeliveries open(@Nullable String conversation, Map<Integer, Long> ends) {
        String topic = topic();
        return topic == null
                ? ofFiles(files(), conversation)
                : ofTopic(TopicReader.Range.all(topic, ends), conversation);
    }

    /**
     * Opens the sources. A topic is read with the settings of an installation for Kafka.
     *
     * @throws CommandException if a source cannot be opened
     */
    public PastDeliveries openWith(Settings installation) {
        String topic = topic();
        return topic == null
                ? ofFiles(files(), null)
                : ofInstallation(installation, TopicReader.Range.all(topic, Map.of()), null);
    }

    /**
     * Opens one partition of the events of an installation.
     *
     * @param earliest the time of the first record that is read, unless the options name one; null for all
     * @throws CommandException if the topic cannot be read
     */
    public PastDeliveries openPartition(Settings installation, int partition, @Nullable Instant earliest) {
        String topic = TopicNames.of(installation).events();
        return ofInstallation(
                installation, new TopicReader.Range(topic, partition, 0, Long.MAX_VALUE, Map.of(), Map.of()), earliest);
    }

    /**
     * Returns the name of the topic that is the source; null if the sources are files.
     *
     * @throws SettingsException if there is no source
     * @throws CommandException if there are several topics, or a topic and files
     */
    @Nullable
    public String topic() {
        if (sources.isEmpty()) {
            throw new SettingsException("Missing required parameter: 'SOURCE'. Give files, folders, - or topic:NAME.");
        }
        Set<String> distinct = new LinkedHashSet<>(sources);
        List<String> topics =
                distinct.stream().filter(source -> source.startsWith(TOPIC)).toList();
        if (!topics.isEmpty() && distinct.size() > 1) {
            // A topic and files cannot be merged: a record has the time at which the bridge received the delivery, an
            // envelope the time at which EventBridge received the event.
            throw new CommandException("A topic is read alone: give one topic, or files.");
        }
        return topics.isEmpty() ? null : topics.get(0).substring(TOPIC.length());
    }

    /**
     * Returns the source files, including the files in source folders.
     *
     * @throws CommandException if a file or folder does not exist, or a folder has no files
     */
    public List<Path> files() {
        // The key is the real path. So a file is read once, even if it is named twice or is also in a named folder.
        Map<Path, Path> files = new LinkedHashMap<>();
        sources.forEach(source -> addFiles(source, files));
        return List.copyOf(files.values());
    }

    /** Returns the sources as they were given. */
    public List<String> names() {
        return List.copyOf(sources);
    }

    /** Returns whether the source is a topic. Each partition of a topic has its own stream time. */
    public boolean isTopic() {
        return sources.stream().anyMatch(source -> source.startsWith(TOPIC));
    }

    private void addFiles(String source, Map<Path, Path> files) {
        Path path = Path.of(source);
        if (source.isBlank()) {
            throw new CommandException("A SOURCE is empty. Check the variables of the shell command.");
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
                // a pipe has no real path
                files.put(path, path);
            } else if (isBroken(path)) {
                throw new CommandException(
                        source
                                + " is also the file of --broken, which would overwrite it. Choose another file for one of them.");
            } else {
                files.putIfAbsent(path.toRealPath(), path);
            }
        } catch (IOException e) {
            throw ReadFailure.of(source, e);
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

    /** Returns whether this is the file for broken entries, written by an earlier run. This run may overwrite it. */
    private boolean isBroken(Path file) throws IOException {
        return Files.exists(broken) && Files.isSameFile(file, broken);
    }
}
