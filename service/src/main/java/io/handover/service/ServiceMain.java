package io.handover.service;

import java.io.File;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of a process: arguments, settings, start, waiting for the signal to stop, close. */
public final class ServiceMain {

    static final int EXIT_OK = 0;
    static final int EXIT_FAILURE = 1;
    static final int EXIT_USAGE = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);

    /** Kubernetes kills after 30 s; this leaves time to write the end of the log. */
    private static final long CLOSE_SECONDS = 25;

    private final String name;
    private final String description;
    private final String example;
    private final SettingsDefinition definition;
    private final Service service;

    /** A process that can be started. */
    @FunctionalInterface
    public interface Service {

        /**
         * Starts; returns when the process does its work.
         *
         * @param fatal to be told of what the running process cannot recover from: it is closed, and exits with 1
         * @return what stops it
         */
        AutoCloseable start(Settings settings, Consumer<Throwable> fatal) throws Exception;
    }

    /**
     * @param name what the process calls itself
     * @param description what it does, in one sentence
     * @param example the assignments of environment variables that it needs to start, as a shell takes them
     */
    public ServiceMain(
            String name, String description, String example, SettingsDefinition definition, Service service) {
        this.name = name;
        this.description = description;
        this.example = example;
        this.definition = definition;
        this.service = service;
    }

    /** Runs until a signal or a failure ends the process. */
    public void runAndExit(String... arguments) {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        Thread hook = new Thread(() -> stopAndAwait(stop, closed), "handover-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        int code = run(arguments, System.getenv(), System.out, System.err, stop);
        closed.countDown();
        // After a signal the machine is going down already, and exit() would wait for it for ever.
        if (!stop.isDone() || stop.isCompletedExceptionally()) {
            System.exit(code);
        }
    }

    private static void stopAndAwait(CompletableFuture<Void> stop, CountDownLatch closed) {
        stop.complete(null);
        try {
            if (!closed.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Not everything was closed in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Every end of a process comes by here, System.exit() too, and nothing is left to be logged.
            Logging.stop();
        }
    }

    /**
     * Runs until {@code stop} is completed, by a signal normally, exceptionally by what the process cannot recover from.
     *
     * @return the exit code
     */
    int run(
            String[] arguments,
            Map<String, String> environment,
            PrintStream out,
            PrintStream err,
            CompletableFuture<Void> stop) {
        Path file = null;
        if (arguments.length == 2 && arguments[0].equals("--config")) {
            file = path(arguments[1]);
            if (file == null) {
                return fail(err, EXIT_USAGE, "'" + arguments[1] + "' is no path of a file.");
            }
        } else if (arguments.length == 1 && arguments[0].equals("--help")) {
            out.print(help());
            return EXIT_OK;
        } else if (arguments.length == 1 && arguments[0].equals("--settings")) {
            out.print(definition.markdownTable());
            return EXIT_OK;
        } else if (arguments.length == 1 && arguments[0].equals("--version")) {
            out.println(Version.line("handover-" + name));
            return EXIT_OK;
        } else if (arguments.length > 0) {
            return fail(err, EXIT_USAGE, usageProblem(arguments) + " See --help.");
        }
        try {
            return serve(load(file, environment), stop);
        } catch (SettingsException e) {
            return fail(err, EXIT_USAGE, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(err, EXIT_FAILURE, "Interrupted.", e);
        } catch (Throwable e) {
            // Errors too: the threads of a half-started process would keep it alive without a main.
            return fail(err, EXIT_FAILURE, e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    private Settings load(@Nullable Path file, Map<String, String> environment) {
        try {
            Settings settings = definition.load(file, environment, Map.of());
            Logging.configure(settings);
            return settings;
        } finally {
            // Also when they are refused: a variable that nobody reads may be why.
            Set<String> ignored = definition.ignored(environment);
            if (!ignored.isEmpty()) {
                LOG.warn("No setting has the name of these environment variables, they are ignored: {}", ignored);
            }
        }
    }

    private int serve(Settings settings, CompletableFuture<Void> stop) throws Exception {
        try (AutoCloseable running = service.start(settings, stop::completeExceptionally)) {
            LOG.info("Started {}", name);
            LOG.debug("Running {}", running);
            stop.get();
            LOG.info("Stopping {}", name);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return EXIT_OK;
    }

    private static @Nullable Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String usageProblem(String[] arguments) {
        return switch (arguments[0]) {
            case "--config" ->
                arguments.length == 1
                        ? "--config needs the name of a file."
                        : "Unknown argument '" + arguments[2] + "'.";
            case "--help", "--settings", "--version" -> arguments[0] + " must be the only argument.";
            default -> "Unknown argument '" + arguments[0] + "'.";
        };
    }

    private int fail(PrintStream err, int code, String sentence) {
        err.println(name + ": " + sentence);
        return code;
    }

    /** The sentence as what reads standard error expects it: an event among others, or the last words to a person. */
    private int fail(PrintStream err, int code, String sentence, Throwable cause) {
        if (Logging.isJson()) {
            LOG.error("{}", sentence, cause);
            return code;
        }
        LOG.debug("Failed", cause);
        Logging.stop();
        return fail(err, code, sentence);
    }

    /** What follows {@code java -jar} on the command line that started this, so that the help can be pasted. */
    private String jar() {
        String classPath = System.getProperty("java.class.path", "");
        return classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator) ? classPath : name + ".jar";
    }

    private String help() {
        return """
                %1$s: %2$s

                Usage:
                  java -jar %3$s [--config FILE]
                  java -jar %3$s --settings
                  java -jar %3$s --version
                  java -jar %3$s --help

                Options:
                  --config FILE   read settings from a properties file (UTF-8, key=value)
                  --settings      print every setting with its environment variable and default, and exit
                  --version       print the version, the source revision and the version of Kafka, and exit
                  --help          print this help, and exit

                Example:
                  %4$s java -jar %3$s

                Where settings come from, the stronger ones last: defaults, the file, the environment.
                In the environment a key has the prefix HANDOVER_, capitals, and underscores for dots:
                kafka.bootstrap.servers is HANDOVER_KAFKA_BOOTSTRAP_SERVERS. Some keys have a second name there.
                A blank value is no value. Any setting of the Kafka clients goes through, with 'kafka.' before its name.
                The log goes to standard error; LOG_LEVEL=DEBUG (log.level) makes it say more, and LOG_FORMAT=json
                (log.format) makes each line a JSON object.

                Exit codes:
                  0         success (--help, --settings, --version)
                  1         the process failed
                  2         wrong usage or wrong settings
                  128 + n   stopped by signal n, after closing (143 after SIGTERM, 130 after Ctrl-C)
                """.formatted(name, description, jar(), example);
    }
}
