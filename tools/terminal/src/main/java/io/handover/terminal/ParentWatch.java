package io.handover.terminal;

import java.io.IOException;

/**
 * Ends a child process when the process that started it has ended, even by SIGKILL. The parent holds the other end of
 * standard input, and the operating system closes it then.
 */
public final class ParentWatch {

    private static final int EXIT_ORPHAN = 3;

    private ParentWatch() {}

    /** Starts to watch. The parent must not write to the standard input of this process. */
    public static void start() {
        Thread watch = new Thread(ParentWatch::endWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // The parent writes nothing.
            }
        } catch (IOException e) {
            System.err.println("Standard input failed: " + e);
        }
        Runtime.getRuntime().halt(EXIT_ORPHAN);
    }
}
