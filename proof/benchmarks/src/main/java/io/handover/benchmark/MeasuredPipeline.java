package io.handover.benchmark;

import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs processes that end by themselves, and measures them from their start to their end.
 *
 * @param seconds the time that it took
 * @param cpuSeconds the CPU time of all processes
 * @param peakBytes the highest resident memory of one process
 */
record MeasuredPipeline(double seconds, double cpuSeconds, long peakBytes) {

    private static final long PAUSE_MS = 20;
    private static final double TICKS_PER_SECOND = 100;
    private static final long KIBIBYTE = 1024;

    /** The places in {@code /proc/self/stat}, after the name, of the CPU ticks of all processes that were waited for. */
    private static final int CHILD_USER = 13;

    private static final int CHILD_SYSTEM = 14;

    /**
     * Runs processes, each of which reads what the one before has written.
     *
     * @param out the file of their standard output
     * @param log the file of their standard error
     * @throws CommandException if one cannot be started or fails, or if the run was stopped
     */
    static MeasuredPipeline run(List<ProcessBuilder> builders, File out, File log, StopSignal stop) {
        builders.forEach(builder -> builder.redirectError(ProcessBuilder.Redirect.appendTo(log)));
        builders.get(builders.size() - 1).redirectOutput(out);
        double cpuBefore = cpuOfChildren();
        long start = System.nanoTime();
        List<Process> processes;
        try {
            processes = ProcessBuilder.startPipeline(builders);
        } catch (IOException e) {
            throw new CommandException("Cannot start a process: " + e.getMessage(), e);
        }
        try {
            long peak = await(processes, log, stop);
            return new MeasuredPipeline((System.nanoTime() - start) / 1e9, cpuOfChildren() - cpuBefore, peak);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Stopped.", e);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static long await(List<Process> processes, File log, StopSignal stop) throws InterruptedException {
        long peak = 0;
        for (Process process : processes) {
            while (!process.waitFor(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                peak = Math.max(peak, peakOf(process));
                if (stop.isRequested()) {
                    throw new CommandException("Stopped.");
                }
            }
            if (process.exitValue() != 0) {
                throw new CommandException(
                        "A process ended with exit code " + process.exitValue() + ". Its log: " + log);
            }
        }
        return peak;
    }

    /** The highest resident memory of a process so far; 0 if it has ended. */
    private static long peakOf(Process process) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]) * KIBIBYTE)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The CPU seconds of all processes that this one has started and that have ended. */
    private static double cpuOfChildren() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] numbers = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Arrays.stream(new int[] {CHILD_USER, CHILD_SYSTEM})
                            .mapToLong(i -> Long.parseLong(numbers[i]))
                            .sum()
                    / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new CommandException("A benchmark needs /proc/self/stat of Linux: " + e.getMessage(), e);
        }
    }
}
