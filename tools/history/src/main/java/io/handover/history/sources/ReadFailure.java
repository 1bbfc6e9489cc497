package io.handover.history.sources;

import io.handover.terminal.CommandException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;

/** Explains in one sentence why a source cannot be read. */
public final class ReadFailure {

    private ReadFailure() {}

    public static CommandException of(String source, IOException e) {
        return new CommandException(source + " cannot be read: " + reason(e), e);
    }

    /** Returns the reason as text. The message of many JDK exceptions is only the file name, or null. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "permission denied on " + denied.getFile();
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (e instanceof FileSystemLoopException loop) {
            return "the link " + loop.getFile() + " leads back to one of its parent folders";
        }
        if (e instanceof EOFException) {
            return "the compressed data ends too early, check that the file is complete";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
