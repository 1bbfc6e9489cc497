package io.handover.torture;

import io.handover.terminal.CommandException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of its own on this machine, which can be killed, frozen and started again. If it ends by itself, it is
 * started again, as whatever runs it in production would.
 */
final class ChildProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    private static final long RESTART_SECONDS = 1;
    private static final long KILLED_WITHIN_SECONDS = 20;

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private final List<String> ends = new ArrayList<>();
    private @Nullable Process process;
    private boolean wanted;

    private ChildProcess(String name, List<String> command, Map<String, String> environment, Path log) {
        this.name = name;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.log = log;
    }

    /**
     * A process with this JVM's Java and class path; not started yet.
     *
     * @param flags for the JVM
     * @param arguments for {@link ChildMain}; everybody on the machine can read them
     * @param environment for nobody else's eyes
     * @param folder gets its log, {@code <name>.log}
     */
    static ChildProcess of(
            String name, List<String> flags, List<String> arguments, Map<String, String> environment, Path folder) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildMain.class.getName()));
        command.addAll(arguments);
        return new ChildProcess(name, command, environment, folder.resolve(name + ".log"));
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    /** How it ended by itself, each time. */
    synchronized List<String> ends() {
        return List.copyOf(ends);
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Starts it, unless it runs. */
    synchronized void start() {
        wanted = true;
        if (isAlive()) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .directory(new File(".").getAbsoluteFile());
        // What is set for this process is not meant for that one.
        builder.environment()
                .keySet()
                .removeIf(variable -> variable.contains("HANDOVER") || variable.contains("GENESYS"));
        builder.environment().putAll(environment);
        try {
            Process started = builder.start();
            process = started;
            CompletableFuture<Void> unused = started.onExit().thenAccept(this::ended);
        } catch (IOException e) {
            throw new CommandException("The process " + name + " cannot be started: " + e.getMessage(), e);
        }
    }

    private synchronized void ended(Process which) {
        if (!wanted || which != process) {
            return;
        }
        LOG.debug("{} ended by itself with {}", name, which.exitValue());
        ends.add(name + " ended by itself with exit code " + which.exitValue());
        CompletableFuture.delayedExecutor(RESTART_SECONDS, TimeUnit.SECONDS).execute(this::startIfWanted);
    }

    private synchronized void startIfWanted() {
        if (wanted) {
            start();
        }
    }

    /** Kills it without warning (SIGKILL), and waits until it is gone. */
    synchronized void kill() {
        wanted = false;
        Process victim = process;
        if (victim == null) {
            return;
        }
        victim.destroyForcibly();
        try {
            if (!victim.waitFor(KILLED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new CommandException("The process " + name + " (" + victim.pid() + ") could not be killed.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Stops it in the middle of whatever it does (SIGSTOP), until it is thawed, but not longer than so: the shell that
     * does it wakes it even if this JVM is gone by then, so that it notices and ends.
     */
    synchronized void freeze(Duration longest) {
        if (process != null) {
            long pid = process.pid();
            shell("kill -STOP %d; sleep %d; kill -CONT %d".formatted(pid, longest.toSeconds(), pid));
        }
    }

    /** Lets it go on as if nothing had happened (SIGCONT). */
    synchronized void thaw() {
        if (process != null) {
            shell("kill -CONT " + process.pid());
        }
    }

    /** Java has no such signals, and every shell has. */
    private void shell(String script) {
        try {
            new ProcessBuilder("sh", "-c", script)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new CommandException("A signal cannot be sent to " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
