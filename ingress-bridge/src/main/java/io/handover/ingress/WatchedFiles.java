package io.handover.ingress;

import io.handover.service.SettingsException;
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
 * Files that are read again when they change, as Kubernetes and Vault exchange mounted secrets under a running process.
 *
 * <p>They are read each second and compared, rather than watched: Kubernetes exchanges a symbolic link two folders up,
 * which no notification tells, and a time of change may stay the same.
 */
final class WatchedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);
    private static final long CHECK_INTERVAL_MS = 1_000;

    /** Far more than keys and certificates have; a mistaken path must not fill the memory. */
    private static final int MAX_BYTES = 256 * 1024;

    private final Vertx vertx;
    private final List<Path> files;
    private final Consumer<List<byte[]>> apply;
    private List<byte[]> tried = List.of();
    private String problem = "";

    private WatchedFiles(Vertx vertx, List<Path> files, Consumer<List<byte[]>> apply) {
        this.vertx = vertx;
        this.files = List.copyOf(files);
        this.apply = apply;
    }

    /**
     * Reads the files and goes on watching them, until Vert.x is closed. What cannot be used later is logged, and what
     * was before stays.
     *
     * @param apply takes the contents, in the order of the files; throws {@link SettingsException} if they are no good,
     *     with a reason that follows "because"
     * @throws SettingsException if they are no good now
     */
    static void watch(Vertx vertx, List<Path> files, Consumer<List<byte[]>> apply) {
        WatchedFiles watched = new WatchedFiles(vertx, files, apply);
        try {
            watched.tried = watched.read();
            apply.accept(watched.tried);
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
            if (!isSame(now, tried)) {
                tried = now;
                apply.accept(now);
                LOG.info("Took over what changed in {}", names());
            }
            problem = "";
        } catch (RuntimeException e) {
            String found = "Cannot use " + names() + ", because " + e.getMessage();
            if (!found.equals(problem)) {
                problem = found;
                LOG.warn("{}; what was before stays in use", problem);
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
