package io.handover.benchmark;

import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What the machine did beside the run, read from Linux. A verdict on a machine that did other work would be one on that
 * work.
 */
final class Machine {

    /** A second of {@code /proc/stat}, on every architecture that Java runs on. */
    static final double TICKS_PER_SECOND = 100;

    /** More foreign work than this, as a share of all processors, makes figures worthless. */
    private static final double MOST_FOREIGN = 0.05;

    private static final double PERCENT = 100;

    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STEAL = 7;

    private final long[] before = ticks();
    private final long startedAt = System.nanoTime();

    private static long[] ticks() {
        try {
            String cpu = Files.readAllLines(Path.of("/proc/stat")).get(0);
            return Arrays.stream(cpu.trim().split("\\s+"))
                    .skip(1)
                    .limit(STEAL + 1)
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (IOException e) {
            throw new CommandException("A benchmark needs /proc/stat of Linux: " + e.getMessage(), e);
        }
    }

    /**
     * The share of all processors that neither idled nor worked for the run, from 0 to 1.
     *
     * @param own the CPU seconds that the processes of the run have used since this object was created
     */
    double foreign(double own) {
        long[] after = ticks();
        double busy = 0;
        for (int i = 0; i <= STEAL; i++) {
            busy += i == IDLE || i == IO_WAIT ? 0 : after[i] - before[i];
        }
        double seconds =
                (System.nanoTime() - startedAt) / 1e9 * Runtime.getRuntime().availableProcessors();
        return Math.max(0, busy / TICKS_PER_SECOND - own) / seconds;
    }

    /**
     * Says that there is no verdict, if the machine was not quiet.
     *
     * @param foreign the largest share of a run, see {@link #foreign}
     * @return the exit code
     */
    static int verdict(double foreign, PrintStream out) {
        if (foreign <= MOST_FOREIGN) {
            return CommandRunner.EXIT_OK;
        }
        out.printf(
                Locale.ROOT,
                "No verdict: other work took up to %.0f %% of the processors meanwhile.%n",
                foreign * PERCENT);
        return CommandRunner.EXIT_FAILURE;
    }
}
