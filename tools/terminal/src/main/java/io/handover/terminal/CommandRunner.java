package io.handover.terminal;

import io.handover.service.SettingsException;
import io.handover.service.StartException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Runs a command line: an error becomes a message and an exit code, and Ctrl-C stops the command in order. */
public final class CommandRunner {

    public static final int EXIT_OK = 0;
    public static final int EXIT_FAILURE = 1;
    public static final int EXIT_USAGE = 2;

    /** The exit code of a command that SIGINT ended, by the convention of shells. */
    public static final int EXIT_STOPPED = 130;

    /** Wide enough for every example of a help text. */
    public static final int HELP_WIDTH = 100;

    /** Creates the command line to run. */
    @FunctionalInterface
    public interface Factory {

        /**
         * Creates the command line.
         *
         * @param out for output that can be piped
         * @param err for messages to people
         * @param stop stops a command that does not end by itself
         */
        CommandLine create(PrintStream out, PrintStream err, StopSignal stop);
    }

    private CommandRunner() {}

    /** Runs the command line as this process, and exits with its code. */
    public static void main(Factory factory, String... arguments) {
        PrintStream out = System.out;
        // Output of a library must not mix with the commands.
        System.setOut(System.err);
        StopSignal stop = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::requestAndWait, "stop"));
        int code = EXIT_FAILURE;
        try {
            code = run(factory, out, System.err, stop, arguments);
        } catch (Error e) {
            // A start that Ctrl-C interrupts can end with one: a JVM that shuts down accepts no more shutdown hooks.
            if (!stop.isRequested()) {
                System.err.println("handover: Unexpected: " + e);
            }
        } finally {
            stop.finished();
            System.exit(code);
        }
    }

    /** Runs the command line, and returns its exit code. */
    public static int run(Factory factory, PrintStream out, PrintStream err, StopSignal stop, String... arguments) {
        return factory.create(out, err, stop)
                .setOut(new PrintWriter(new OutputStreamWriter(out, Charset.defaultCharset()), true))
                .setErr(new PrintWriter(new OutputStreamWriter(err, Charset.defaultCharset()), true))
                .setParameterExceptionHandler((e, given) -> misused(err, e))
                .setExecutionExceptionHandler((e, command, result) -> failed(err, e, stop))
                .execute(arguments);
    }

    private static int misused(PrintStream err, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println("handover: " + e.getMessage() + " (see " + command + " --help)");
        return EXIT_USAGE;
    }

    private static int failed(PrintStream err, Exception e, StopSignal stop) {
        boolean explained = e instanceof CommandException || e instanceof StartException;
        if (e instanceof SettingsException) {
            err.println("handover: " + e.getMessage());
            return EXIT_USAGE;
        }
        if (!explained && stop.isRequested()) {
            // A start that Ctrl-C interrupts can fail anywhere, which is no error of its own.
            return EXIT_FAILURE;
        }
        err.println("handover: " + (explained ? e.getMessage() : "Unexpected: " + e));
        return EXIT_FAILURE;
    }
}
