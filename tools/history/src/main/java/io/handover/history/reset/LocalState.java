package io.handover.history.reset;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The local state of an instance of a Kafka Streams application on this machine.
 *
 * @param folder the folder of the application in {@code state.dir}
 */
record LocalState(Path folder) {

    /** Kafka Streams locks this file while an instance runs. */
    private static final String LOCK = ".lock";

    /**
     * Finds the local state of an application.
     *
     * @throws CommandException if {@code state.dir} has no folder of the application
     */
    static LocalState of(Path stateDir, String applicationId) {
        Path folder = stateDir.resolve(applicationId).toAbsolutePath().normalize();
        if (!stateDir.toAbsolutePath().normalize().equals(folder.getParent()) || !Files.isDirectory(folder)) {
            throw new CommandException("There is no state of the application " + applicationId + " in " + stateDir
                    + ". Check that it is the state.dir of an instance.");
        }
        return new LocalState(folder);
    }

    /**
     * Deletes the folder, as {@code KafkaStreams.cleanUp} does.
     *
     * @throws CommandException if an instance uses the folder, or the folder cannot be deleted
     */
    void delete() {
        requireUnused();
        try (Stream<Path> files = Files.walk(folder)) {
            // Files are deleted before the folder that contains them.
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new CommandException(
                    "The folder " + folder + " cannot be deleted: " + e
                            + ". Delete it by hand before the instance starts.",
                    e);
        }
    }

    /**
     * Checks that no instance uses the folder.
     *
     * @throws CommandException if an instance uses the folder, or its lock file cannot be opened
     */
    void requireUnused() {
        Path file = folder.resolve(LOCK);
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (!tryLock(channel)) {
                throw new CommandException("The folder " + folder + " is in use: stop the instance first.");
            }
        } catch (IOException e) {
            throw new CommandException("The folder " + folder + " cannot be used: " + e, e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // The lock is held in this JVM, so the instance runs here.
            return false;
        }
    }
}
