package io.handover.benchmark;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The log of the garbage collector of a process. It says how much the process has allocated. */
record GarbageLog(Path file) {

    /** {@code Pause Young (Normal) (G1 Evacuation Pause) 614M->20M(1024M) 5.123ms}. */
    private static final Pattern PAUSE = Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\(");

    private static final long MEBIBYTE = 1024 * 1024;

    static GarbageLog of(String process, Path folder) {
        return new GarbageLog(folder.resolve(process + "-gc.log"));
    }

    /** The flag of the Java runtime that writes the log. */
    String flag() {
        return "-Xlog:gc:file=" + file;
    }

    /** The bytes allocated until the newest collection. */
    long allocated() {
        try {
            return allocated(Files.readString(file));
        } catch (IOException e) {
            throw new CommandException("Cannot read the log of the garbage collector: " + e.getMessage(), e);
        }
    }

    static long allocated(String log) {
        long allocated = 0;
        long left = 0;
        for (Matcher pause = PAUSE.matcher(log); pause.find(); ) {
            allocated += Long.parseLong(pause.group(1)) - left;
            left = Long.parseLong(pause.group(2));
        }
        return allocated * MEBIBYTE;
    }
}
