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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main program of both processes. It parses arguments, loads settings, starts the service, waits for a signal and
 * closes the service.
 */
public final class ServiceMain {

    /** The system property with the command that a person typed. The script {@code handover} sets it. */
    public static final String COMMAND_PROPERTY = "handover.command";

    static final int EXIT_OK = 0;
    static final int EXIT_FAILURE = 1;
    static final int EXIT_USAGE = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ServiceMain.class);

    /**
     * How long starting and closing may last after a signal, without draining. Then the log is stopped, so that its last
     * events are written before the process is killed. Closing usually lasts less than a second.
     */
    private static final long CLOSE_SECONDS = 25;

    private final String name;
    private final String description;
    private final String example;
    private final SettingsDefinition definition;
    private final Service service;

    /** The service of a process, for example the bridge. */
    @FunctionalInterface
    public interface Service {

        /**
         * Starts the service and returns when the service works.
         *
         * @param fatal receives a failure from which the running service cannot recover. The process then closes the
         *     service and exits with 1
         * @return the running service; {@code close} stops it
         */
        RunningService start(Settings settings, Consumer<Throwable> fatal) throws Exception;
    }

    /**
     * @param name the name of the process, for example ingress-bridge
     * @param description what the process does, in one sentence
     * @param example the start of a shell command, which sets the required environment variables
     * @param definition the settings of the process
     */
    public ServiceMain(
            String name, String description, String example, SettingsDefinition definition, Service service) {
        this.name = name;
        this.description = description;
        this.example = example;
        this.definition = definition;
        this.service = service;
    }

    /** Runs the process until a signal or a failure ends it, and exits with the exit code. */
    public void runAndExit(String... arguments) {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        AtomicBoolean draining = new AtomicBoolean();
        CountDownLatch closed = new CountDownLatch(1);
        Thread hook = new Thread(() -> stopAndAwait(stop, draining::get, closed), "handover-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        int code = run(arguments, System.getenv(), System.out, System.err, stop, draining::set);
        closed.countDown();
        // After a signal the JVM is already shutting down. System.exit() would then block forever.
        if (!stop.isDone() || stop.isCompletedExceptionally()) {
            System.exit(code);
        }
    }

    private static void stopAndAwait(CompletableFuture<Void> stop, BooleanSupplier draining, CountDownLatch closed) {
        stop.complete(null);
        try {
            long secondsLeft = CLOSE_SECONDS;
            while (secondsLeft > 0 && !closed.await(1, TimeUnit.SECONDS)) {
                if (!draining.getAsBoolean()) {
                    secondsLeft--;
                }
            }
            if (secondsLeft == 0) {
                LOG.atWarn().addKeyValue("timeout_s", CLOSE_SECONDS).log("Service did not close in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // The log stops here, because this hook runs at every exit, also after System.exit(). Nothing is logged
            // later.
            Logging.stop();
        }
    }

    /**
     * Runs the process until {@code stop} is completed. A signal completes it normally, and a failure of the running
     * service completes it exceptionally.
     *
     * @param draining receives true when draining begins, and false when it has ended
     * @return the exit code
     */
    int run(
            String[] arguments,
            Map<String, String> environment,
            PrintStream out,
            PrintStream err,
            CompletableFuture<Void> stop,
            Consumer<Boolean> draining) {
        Path file = null;
        boolean asksHealth = arguments.length > 0 && arguments[arguments.length - 1].equals("--health");
        int files = asksHealth ? arguments.length - 1 : arguments.length;
        if (files == 2 && arguments[0].equals("--config")) {
            file = path(arguments[1]);
            if (file == null) {
                return fail(err, EXIT_USAGE, "'" + arguments[1] + "' is not a valid file name.");
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
        } else if (files > 0) {
            return fail(err, EXIT_USAGE, usageProblem(arguments) + " See --help.");
        }
        try {
            if (asksHealth) {
                out.println(HealthRequest.of(definition.load(file, environment, Map.of()))
                        .send());
                return EXIT_OK;
            }
            return serve(load(file, environment), stop, draining);
        } catch (SettingsException e) {
            return fail(err, EXIT_USAGE, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(err, EXIT_FAILURE, "Interrupted.", e);
        } catch (Throwable e) {
            // Subclasses of Error are caught, too. If one escaped, the threads of a partly started service would keep
            // the process alive.
            return fail(err, EXIT_FAILURE, e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    private Settings load(@Nullable Path file, Map<String, String> environment) {
        try {
            Settings settings = definition.load(file, environment, Map.of());
            Logging.configure(settings);
            return settings;
        } finally {
            // The warning is logged even if loading failed, because a misspelt variable may be the reason.
            Set<String> ignored = definition.ignored(environment);
            if (!ignored.isEmpty()) {
                LOG.atWarn().addKeyValue("names", ignored).log("Ignored environment variables that match no setting");
            }
        }
    }

    private int serve(Settings settings, CompletableFuture<Void> stop, Consumer<Boolean> draining) throws Exception {
        try (RunningService running = service.start(settings, stop::completeExceptionally)) {
            LOG.atInfo().addKeyValue("process", name).log("Started");
            LOG.atDebug().addKeyValue("service", running).log("Running");
            stop.get();
            LOG.atInfo().addKeyValue("process", name).log("Stopping");
            draining.accept(true);
            running.drain();
            draining.accept(false);
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
                arguments.length == 1 ? "--config needs a file name." : "Unknown argument '" + arguments[2] + "'.";
            case "--help", "--settings", "--version" -> arguments[0] + " must be the only argument.";
            default -> "Unknown argument '" + arguments[0] + "'.";
        };
    }

    private int fail(PrintStream err, int code, String reason) {
        err.println(name + ": " + reason);
        return code;
    }

    /** Reports why the process failed: as a log event if the log is JSON, otherwise as plain text on standard error. */
    private int fail(PrintStream err, int code, String reason, Throwable cause) {
        boolean isDefect = !(cause instanceof StartException || cause instanceof SettingsException);
        if (Logging.isJson()) {
            LOG.atError()
                    .addKeyValue("reason", reason)
                    .setCause(isDefect ? cause : null)
                    .log("Process failed");
            return code;
        }
        LOG.atDebug().setCause(cause).log("Process failed");
        Logging.stop();
        return fail(err, code, reason);
    }

    /** Returns the command that started this process, for the usage text. A person can copy and run it. */
    private String command() {
        String classPath = System.getProperty("java.class.path", "");
        boolean isJar = classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator);
        return System.getProperty(COMMAND_PROPERTY, "java -jar " + (isJar ? classPath : "handover-" + name + ".jar"));
    }

    private String help() {
        return """
                %1$s: %2$s

                Usage:
                  %3$s [--config FILE]
                  %3$s [--config FILE] --health
                  %3$s --settings
                  %3$s --version
                  %3$s --help

                Options:
                  --config FILE   read settings from a properties file (UTF-8, key=value)
                  --health        ask the running process with the same settings whether it is ready, for the health
                                  check of a container, and exit with 0 (ready) or 1
                  --settings      print every setting with its environment variable and default, and exit
                  --version       print the version, the source revision and the version of Kafka, and exit
                  --help          print this help, and exit

                Example:
                  %4$s %3$s

                The environment overrides the file, and the file overrides the defaults.
                The environment variable of a setting has the prefix HANDOVER_, upper case, and underscores for dots:
                kafka.bootstrap.servers is HANDOVER_KAFKA_BOOTSTRAP_SERVERS. Some settings have a second variable.
                A blank value counts as not set. Settings with the prefix 'kafka.' are passed to the Kafka clients.
                The log is written to standard error. LOG_LEVEL=DEBUG (log.level) logs more details, and
                LOG_FORMAT=json (log.format) writes one JSON object per line.

                Exit codes:
                  0         success (--health, --help, --settings, --version)
                  1         the process failed, or --health found it not ready
                  2         wrong arguments or settings
                  128 + n   stopped by signal n, after closing (143 after SIGTERM, 130 after Ctrl-C)
                """.formatted(name, description, command(), example);
    }
}
