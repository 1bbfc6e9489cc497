package io.handover.history.sources;

import io.handover.terminal.CommandException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;

/** Says in one sentence why something cannot be read. */
public final class Unreadable {

    private Unreadable() {}

    public static CommandException because(String name, IOException e) {
        return new CommandException(name + " cannot be read: " + reason(e), e);
    }

    /** Many of Java's own messages are no more than the name of the file, or nothing. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "permission denied on " + denied.getFile();
        }
        if (e instanceof NoSuchFileException missing) {
            return "there is no " + missing.getFile() + " any more";
        }
        if (e instanceof FileSystemLoopException loop) {
            return "the link " + loop.getFile() + " leads back into it";
        }
        if (e instanceof EOFException) {
            return "it ends in the middle, is it complete?";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
