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
 * A temporary folder. {@link #close} deletes it.
 *
 * @param path the path of the folder
 */
public record TemporaryFolder(Path path) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);
    private static final Path STANDARD_INPUT = Path.of("-");

    /**
     * Creates a folder in the system's folder for temporary files.
     *
     * @throws CommandException if the folder cannot be created
     */
    public static TemporaryFolder create(String prefix) {
        try {
            return new TemporaryFolder(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new CommandException("No temporary folder can be created: " + e, e);
        }
    }

    /**
     * Creates a folder in a parent folder.
     *
     * @throws CommandException if the folder cannot be created
     */
    public static TemporaryFolder in(Path parent, String prefix) {
        try {
            return new TemporaryFolder(Files.createTempDirectory(parent, prefix));
        } catch (IOException e) {
            throw new CommandException("No temporary folder can be created: " + e, e);
        }
    }

    /**
     * Returns a file that can be read more than once: the file itself, or a copy if it is a pipe or standard input.
     *
     * @throws CommandException if the pipe cannot be read
     */
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

    /** Deletes the folder with its content. */
    @Override
    public void close() {
        try {
            Files.walkFileTree(path, new Deletion());
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("folder", path)
                    .addKeyValue("cause", e.toString())
                    .log("Temporary folder could not be deleted");
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
