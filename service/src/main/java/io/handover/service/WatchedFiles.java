package io.handover.service;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads files when they change. Kubernetes and Vault replace mounted secrets while the process runs.
 *
 * <p>Every second, the files are read and compared with the last contents. A file notification could miss a change,
 * because Kubernetes replaces a symbolic link two folders above the file. The modification time may stay the same.
 */
public final class WatchedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);
    private static final long CHECK_INTERVAL_MS = 1_000;

    /** The maximum size of a file. Keys and certificates are much smaller. A wrong path must not fill the memory. */
    private static final int MAX_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final List<Path> files;
    private final Consumer<List<byte[]>> apply;
    private List<byte[]> lastContents = List.of();
    private String problem = "";

    private WatchedFiles(Vertx vertx, List<Path> files, Consumer<List<byte[]>> apply) {
        this.vertx = vertx;
        this.files = List.copyOf(files);
        this.apply = apply;
    }

    /**
     * Reads the files now, and reloads them after each change until Vert.x is closed. If changed contents cannot be
     * used, a warning is logged and the previous contents stay in use.
     *
     * @param apply receives the contents in the order of the files. Throws {@link SettingsException} if the contents
     *     cannot be used; its message is the part of a sentence after "because"
     * @throws SettingsException if the files cannot be used now
     */
    public static void watch(Vertx vertx, List<Path> files, Consumer<List<byte[]>> apply) {
        WatchedFiles watched = new WatchedFiles(vertx, files, apply);
        try {
            watched.lastContents = watched.read();
            apply.accept(watched.lastContents);
        } catch (SettingsException e) {
            throw new SettingsException("Cannot use " + watched.names() + ", because " + e.getMessage() + ".", e);
        }
        watched.scheduleCheck();
    }

    private void scheduleCheck() {
        vertx.setTimer(
                CHECK_INTERVAL_MS,
                id -> vertx.executeBlocking(
                                () -> {
                                    reloadIfChanged();
                                    return null;
                                },
                                false)
                        .onComplete(ignored -> scheduleCheck()));
    }

    private void reloadIfChanged() {
        try {
            List<byte[]> now = read();
            if (!isSame(now, lastContents)) {
                lastContents = now;
                apply.accept(now);
                LOG.atInfo().addKeyValue("files", names()).log("Files reloaded");
            }
            problem = "";
        } catch (RuntimeException e) {
            String found = String.valueOf(e.getMessage());
            if (!found.equals(problem)) {
                problem = found;
                LOG.atWarn()
                        .addKeyValue("files", names())
                        .addKeyValue("reason", problem)
                        .log("Files could not be reloaded, keeping the previous contents");
            }
        }
    }

    private static boolean isSame(List<byte[]> one, List<byte[]> other) {
        for (int i = 0; i < one.size(); i++) {
            if (!Arrays.equals(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    private List<byte[]> read() {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(MAX_BYTES + 1);
                if (content.length > MAX_BYTES) {
                    throw new SettingsException(file + " is larger than " + MAX_BYTES + " bytes");
                }
                contents.add(content);
            } catch (NoSuchFileException e) {
                throw new SettingsException(file + " does not exist", e);
            } catch (IOException e) {
                throw new SettingsException(file + " cannot be read", e);
            }
        }
        return contents;
    }

    private String names() {
        return String.join(" and ", files.stream().map(Path::toString).toList());
    }
}
