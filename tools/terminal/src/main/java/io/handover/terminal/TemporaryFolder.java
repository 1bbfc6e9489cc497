package io.handover.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that is gone with the run.
 *
 * @param path where it is
 */
public record TemporaryFolder(Path path) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);
    private static final Path STANDARD_INPUT = Path.of("-");

    /** A new folder where the system has such, with a name that begins so. */
    public static TemporaryFolder create(String prefix) {
        try {
            return new TemporaryFolder(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new CommandException("No temporary folder can be made: " + e, e);
        }
    }

    /** A new folder in another one, with a name that begins so. */
    public static TemporaryFolder in(Path parent, String prefix) {
        try {
            return new TemporaryFolder(Files.createTempDirectory(parent, prefix));
        } catch (IOException e) {
            throw new CommandException("No temporary folder can be made: " + e, e);
        }
    }

    /** The file itself, or, as a pipe can be read only once, a copy of what comes out of it. */
    public Path regular(Path file) {
        if (!file.equals(STANDARD_INPUT) && (!Files.exists(file) || Files.isRegularFile(file))) {
            return file;
        }
        try (InputStream in = file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(file)) {
            Path copy = path.resolve("deliveries");
            Files.copy(in, copy);
            return copy;
        } catch (IOException e) {
            throw new CommandException("The deliveries file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Deletes it with all that is in it. */
    @Override
    public void close() {
        try {
            Files.walkFileTree(path, new Deletion());
        } catch (IOException e) {
            LOG.warn("The temporary folder {} could not be deleted: {}", path, e.toString());
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
