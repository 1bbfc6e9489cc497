package io.handover.history.sources;

import io.handover.terminal.CommandException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;

/** Explains in one sentence why a source cannot be read. */
public final class ReadFailure {

    /** The name of standard input in messages. */
    static final String STANDARD_INPUT = "Standard input";

    private ReadFailure() {}

    public static CommandException of(String source, IOException e) {
        return new CommandException(source + " cannot be read: " + reason(source, e), e);
    }

    /** Returns the reason as text. The message of many JDK exceptions is only the file name, or null. */
    private static String reason(String source, IOException e) {
        if (e instanceof ForeignFormatException foreign) {
            return foreign.advice(source.equals(STANDARD_INPUT) ? null : source);
        }
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
