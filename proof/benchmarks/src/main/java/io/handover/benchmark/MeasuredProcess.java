package io.handover.benchmark;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of a run, and the CPU time that it has used. */
final class MeasuredProcess implements AutoCloseable {

    private static final long STOPPED_WITHIN_SECONDS = 60;

    private final String name;
    private final Process process;
    private final Path log;

    private MeasuredProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a process with the Java runtime and the class path of this JVM.
     *
     * @param environment settings of the process
     * @param folder the folder of its log, {@code <name>.log}
     */
    static MeasuredProcess start(
            String name, List<String> flags, List<String> arguments, Map<String, String> environment, Path folder) {
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder =
                java(flags, arguments).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            return new MeasuredProcess(name, builder.start(), log);
        } catch (IOException e) {
            throw new CommandException("Cannot start the process " + name + ": " + e.getMessage(), e);
        }
    }

    /** Prepares {@link ChildMain} with the Java runtime and the class path of this JVM. */
    static ProcessBuilder java(List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildMain.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // The process must not inherit the settings of this process.
        builder.environment().keySet().removeIf(variable -> variable.contains("HANDOVER"));
        return builder;
    }

    String name() {
        return name;
    }

    /** The CPU time that all threads of the process have used. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The CPU time that this process, which measures the others, has used, in seconds. */
    static double ownCpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                / 1e9;
    }

    /** @throws CommandException if the process has ended */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new CommandException(
                    "The process " + name + " ended with exit code " + process.exitValue() + ". Its log: " + log);
        }
    }

    /** Stops the process, and waits until it is gone. */
    @Override
    public void close() {
        // Process.destroy() would also close the standard input, and then ChildMain ends the process at once.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
