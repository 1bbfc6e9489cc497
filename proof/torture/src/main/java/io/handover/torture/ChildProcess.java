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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process on this machine that can be killed, frozen and restarted. A process that ends by itself is restarted, as in
 * production.
 */
final class ChildProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    private static final long RESTART_SECONDS = 1;
    private static final long ENDED_WITHIN_SECONDS = 30;

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
     * Creates a process with the Java runtime and the class path of this JVM, and does not start it yet.
     *
     * @param flags options for the JVM of the process
     * @param arguments arguments for {@link ChildMain}; no secrets, because every user of the machine can read them
     * @param environment environment variables; the place for secrets
     * @param folder the folder of its log, {@code <name>.log}
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

    /** Returns one line for each time that the process ended by itself. */
    synchronized List<String> ends() {
        return List.copyOf(ends);
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Starts the process, unless it already runs. */
    synchronized void start() {
        wanted = true;
        if (isAlive()) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .directory(new File(".").getAbsoluteFile());
        // The child process must not inherit the settings of this process.
        builder.environment()
                .keySet()
                .removeIf(variable -> variable.contains("HANDOVER") || variable.contains("GENESYS"));
        builder.environment().putAll(environment);
        try {
            Process started = builder.start();
            process = started;
            CompletableFuture<Void> unused = started.onExit().thenAccept(this::ended);
        } catch (IOException e) {
            throw new CommandException("Cannot start the process " + name + ": " + e.getMessage(), e);
        }
    }

    private synchronized void ended(Process which) {
        if (!wanted || which != process) {
            return;
        }
        LOG.atDebug()
                .addKeyValue("process", name)
                .addKeyValue("exitCode", which.exitValue())
                .log("Process ended by itself");
        ends.add(name + " ended by itself with exit code " + which.exitValue());
        CompletableFuture.delayedExecutor(RESTART_SECONDS, TimeUnit.SECONDS).execute(this::startIfWanted);
    }

    private synchronized void startIfWanted() {
        if (wanted) {
            start();
        }
    }

    /** Kills the process (SIGKILL) and waits until it is gone. */
    synchronized void kill() {
        end(Process::destroyForcibly);
    }

    /** Stops the process (SIGTERM) and waits until it is gone. */
    synchronized void terminate() {
        end(victim -> {
            // Process.destroy() would also close the standard input, and then ChildMain ends the process at once.
            victim.toHandle().destroy();
            return victim;
        });
    }

    private void end(UnaryOperator<Process> signal) {
        wanted = false;
        Process victim = process;
        if (victim == null) {
            return;
        }
        try {
            if (!signal.apply(victim).waitFor(ENDED_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new CommandException("Cannot end the process " + name + " (pid " + victim.pid() + ").");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Suspends the process (SIGSTOP) until {@link #thaw}, at most for {@code longest}. The shell resumes the process
     * even if this JVM has ended. Then the process notices that this JVM has ended, and ends too.
     */
    synchronized void freeze(Duration longest) {
        if (process != null) {
            long pid = process.pid();
            shell("kill -STOP %d; sleep %d; kill -CONT %d".formatted(pid, longest.toSeconds(), pid));
        }
    }

    /** Resumes the process (SIGCONT). */
    synchronized void thaw() {
        if (process != null) {
            shell("kill -CONT " + process.pid());
        }
    }

    /** Runs a script that sends a signal, because Java cannot send SIGSTOP and SIGCONT. */
    private void shell(String script) {
        try {
            new ProcessBuilder("sh", "-c", script)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new CommandException("Cannot send a signal to " + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
