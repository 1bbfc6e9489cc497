package io.handover.terminal;

import io.handover.service.SettingsException;
import io.handover.service.StartException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Runs a command line: an error becomes one sentence and an exit code, and Ctrl-C stops the command in order. */
public final class CommandRunner {

    public static final int EXIT_OK = 0;
    public static final int EXIT_FAILURE = 1;
    public static final int EXIT_USAGE = 2;

    /** The code that a shell gives to a command that SIGINT ended. */
    public static final int EXIT_STOPPED = 130;

    /** Wide enough that no example of a help text breaks. */
    public static final int HELP_WIDTH = 100;

    /** Creates the command line to run. */
    @FunctionalInterface
    public interface Factory {

        /**
         * Creates it.
         *
         * @param out for what can be piped
         * @param err for people
         * @param stop ends a command that would not end by itself
         */
        CommandLine create(PrintStream out, PrintStream err, StopSignal stop);
    }

    private CommandRunner() {}

    /** Runs the command line as this process, and exits with its code. */
    public static void main(Factory factory, String... arguments) {
        PrintStream out = System.out;
        // What a library prints must not get between the commands.
        System.setOut(System.err);
        StopSignal stop = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::requestAndWait, "stop"));
        int code = EXIT_FAILURE;
        try {
            code = run(factory, out, System.err, stop, arguments);
        } catch (Error e) {
            // A start that Ctrl-C interrupts may end in one, as the JVM takes no more shutdown hooks then.
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
            // An interrupted start may fail anywhere.
            return EXIT_FAILURE;
        }
        err.println("handover: " + (explained ? e.getMessage() : "Unexpected: " + e));
        return EXIT_FAILURE;
    }
}
