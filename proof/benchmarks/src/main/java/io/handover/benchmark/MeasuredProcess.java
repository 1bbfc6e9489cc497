package io.handover.benchmark;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of a run, and the CPU time that it has used. */
final class MeasuredProcess implements AutoCloseable {

    /**
     * The options that {@code bin/handover} and the image set for the streams-app. All contenders have them, so that none
     * gains by its compiler.
     */
    static final List<String> COMPILE_LATE = List.of(
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=6000",
            "-XX:Tier4CompileThreshold=150000",
            "-XX:Tier4BackEdgeThreshold=400000");

    private static final String ARCHIVE = "-XX:SharedArchiveFile=";

    /** The property with which the script passes the class archive of the streams-app, if it fits the jars. */
    private static final String ARCHIVE_OF_APP = "handover.streams-app.archive";

    private static final String NATIVE_ACCESS = "--enable-native-access=";
    private static final long STOPPED_WITHIN_SECONDS = 60;

    /** Fields of {@code /proc/PID/task/TID/stat}, counted from the one after the name. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;

    private final String name;
    private final Process process;
    private final Path log;

    private MeasuredProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a contender with the Java runtime and the class path of this JVM, and with {@link #COMPILE_LATE}.
     *
     * @param flags further options of Java, which win over those
     * @param environment settings of the process
     * @param folder the folder of its log, {@code <name>.log}
     */
    static MeasuredProcess start(
            String name, List<String> flags, Contender contender, Map<String, String> environment, Path folder) {
        List<String> all = new ArrayList<>(COMPILE_LATE);
        all.addAll(flags);
        return start(name, all, List.of(contender.label()), environment, folder);
    }

    /**
     * Starts a process with the Java runtime and the class path of this JVM.
     *
     * @param flags options of Java
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
        builder.environment()
                .keySet()
                .removeIf(variable -> variable.contains("HANDOVER") || variable.equals(MeasuredKafka.MALLOC));
        return builder;
    }

    /**
     * The options with which the script starts the bridge with the class archive; empty if there is none. The class path of
     * a process is that of this JVM, so the archive fits.
     */
    static List<String> archive() {
        return own(ARCHIVE).map(MeasuredProcess::withNativeAccess).orElse(List.of());
    }

    /** The options with which the script starts the streams-app with a class archive; empty if there is none. */
    static List<String> archiveOfApp() {
        String archive = System.getProperty(ARCHIVE_OF_APP);
        return archive == null ? archive() : withNativeAccess("-XX:AOTCache=" + archive);
    }

    /** Java 25 ignores a class archive that was written with other options for native access. */
    static List<String> withNativeAccess(String option) {
        return Stream.concat(own(NATIVE_ACCESS).stream(), Stream.of(option)).toList();
    }

    /** The option with this prefix with which the script has started this JVM. */
    private static Optional<String> own(String prefix) {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(prefix))
                .findFirst();
    }

    String name() {
        return name;
    }

    /** The CPU time that all threads of the process have used. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /**
     * The CPU time that the live threads with this prefix of their name have used, in seconds. Linux knows the first 15
     * characters of a name.
     */
    double cpuSecondsOf(String prefix) {
        Path tasks = Path.of("/proc", String.valueOf(process.pid()), "task");
        double ticks = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                ticks += ticksOf(thread, prefix);
            }
        } catch (IOException e) {
            throw new CommandException("A benchmark needs " + tasks + " of Linux: " + e.getMessage(), e);
        }
        return ticks / Machine.TICKS_PER_SECOND;
    }

    private static double ticksOf(Path thread, String prefix) throws IOException {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            int nameEnd = stat.lastIndexOf(')');
            if (!stat.startsWith(prefix, stat.indexOf('(') + 1)) {
                return 0;
            }
            List<String> fields = List.of(stat.substring(nameEnd + 2).split(" ", -1));
            return Double.parseDouble(fields.get(USER_TIME)) + Double.parseDouble(fields.get(SYSTEM_TIME));
        } catch (NoSuchFileException e) {
            // The thread has ended meanwhile.
            return 0;
        }
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
