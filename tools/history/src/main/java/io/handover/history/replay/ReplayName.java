package io.handover.history.replay;

import io.handover.history.options.SourceOptions;
import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Identifies a replay so that it can resume, by the name of its consumer group and the fingerprint of its sources. */
final class ReplayName {

    static final String PREFIX = "handover-replay-";
    private static final int NAME_BYTES = 4;
    private static final int FINGERPRINT_BYTES = 16;

    private ReplayName() {}

    /**
     * Returns the id of the consumer group that stores the position of the replay.
     *
     * @param name the name that the user gave; null to derive a name from the command line
     * @param conversation the only conversation that is published; null for all
     * @param topic the topic to publish to
     * @throws CommandException if no name is given, and a source is a pipe
     */
    static String of(@Nullable String name, SourceOptions sources, @Nullable String conversation, String topic) {
        if (name != null) {
            return PREFIX + name;
        }
        List<String> parts = new ArrayList<>(selection(sources, conversation));
        parts.add(topic);
        if (sources.topic() != null) {
            parts.addAll(sources.sources);
            return PREFIX + digest(parts, NAME_BYTES);
        }
        if (sources.files().stream().anyMatch(SourceOptions::isPiped)) {
            throw new CommandException(
                    "A replay from a pipe needs a --name, because other data can come through the pipe each time.");
        }
        sources.sources.forEach(
                source -> parts.add(Path.of(source).toAbsolutePath().normalize().toString()));
        return PREFIX + digest(parts, NAME_BYTES);
    }

    /**
     * Returns the fingerprint of the sources and their selection. It uses the names and sizes of the files, but not
     * their folders.
     *
     * @param conversation the only conversation that is published; null for all
     */
    static String fingerprint(SourceOptions sources, @Nullable String conversation) {
        List<String> parts = new ArrayList<>(selection(sources, conversation));
        if (sources.topic() != null) {
            parts.addAll(sources.sources);
            return digest(parts, FINGERPRINT_BYTES);
        }
        for (Path file : sources.files()) {
            parts.add(String.valueOf(file.getFileName()));
            parts.add(SourceOptions.isPiped(file) ? "" : String.valueOf(size(file)));
        }
        return digest(parts, FINGERPRINT_BYTES);
    }

    private static List<String> selection(SourceOptions sources, @Nullable String conversation) {
        return List.of(
                String.valueOf(sources.from),
                String.valueOf(sources.to),
                String.valueOf(sources.organization),
                String.valueOf(conversation));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String digest(List<String> parts, int bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(part -> digest.update((part + '\n').getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected every Java to have SHA-256, but this one has not", e);
        }
    }
}
