package io.handover.torture;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The wall clock of one process, which can be set while the process runs. It needs the library libfaketime. The monotonic
 * clock of the process stays right, as it does when a real wall clock is set.
 */
final class FakeClock {

    /** Where Linux distributions install the library: with the architecture in the path, or without it. */
    private static final List<Path> FOLDERS = List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"));

    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

    private final Path library;
    private final Path file;

    private FakeClock(Path library, Path file) {
        this.library = library;
        this.file = file;
    }

    /** Throws a {@link CommandException} if libfaketime is not installed. */
    static void requireInstalled() {
        Path unused = library();
    }

    /**
     * Creates a clock that is right at first.
     *
     * @param file the file that holds the skew
     * @throws CommandException if libfaketime is not installed
     */
    static FakeClock of(Path file) {
        FakeClock clock = new FakeClock(library(), file);
        clock.set(Duration.ZERO);
        return clock;
    }

    private static Path library() {
        for (Path folder : FOLDERS) {
            if (Files.exists(folder.resolve(LIBRARY))) {
                return folder.resolve(LIBRARY);
            }
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> architectures = Files.newDirectoryStream(folder, "*-linux-*")) {
                    for (Path architecture : architectures) {
                        if (Files.exists(architecture.resolve(LIBRARY))) {
                            return architecture.resolve(LIBRARY);
                        }
                    }
                } catch (IOException e) {
                    throw new CommandException("Cannot read the folder " + folder + ": " + e.getMessage(), e);
                }
            }
        }
        throw new CommandException(
                "Wrong clocks need libfaketime, which is not installed: install it with `apt-get install faketime`.");
    }

    /**
     * Sets the clock. The process notices it within a second.
     *
     * @param skew how far the clock is ahead of the right time; negative if behind
     */
    void set(Duration skew) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, String.format(Locale.ROOT, "%+.3f%n", skew.toMillis() / 1_000.0));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandException("Cannot write the file " + file + ": " + e.getMessage(), e);
        }
    }

    /** The environment variables that give this clock to a process. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                file.toAbsolutePath().toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // With this correction, which is for other programs, waiting in the JVM returns at once.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }
}
