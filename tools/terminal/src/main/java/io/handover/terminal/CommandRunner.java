package io.handover.terminal;

import io.handover.service.SettingsException;
import io.handover.service.StartException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Runs a command line. An error is printed as a message and gives an exit code. Ctrl-C requests the command to stop,
 * and waits until it has stopped.
 */
public final class CommandRunner {

    public static final int EXIT_OK = 0;
    public static final int EXIT_FAILURE = 1;
    public static final int EXIT_USAGE = 2;

    /** The exit code after Ctrl-C. Shells use the same code for a process that SIGINT ended. */
    public static final int EXIT_STOPPED = 130;

    /** The line width of help texts, in characters. Every example fits. */
    public static final int HELP_WIDTH = 100;

    private static final long MEGABYTE = 1024 * 1024;

    /** Creates a command line. */
    @FunctionalInterface
    public interface Factory {

        /**
         * Creates the command line.
         *
         * @param out receives output that can be piped to another program
         * @param err receives messages to the user
         * @param stop the request to stop, for a command that does not end by itself
         */
        CommandLine create(PrintStream out, PrintStream err, StopSignal stop);
    }

    private CommandRunner() {}

    /** Runs the command line, and then ends the JVM with the exit code. */
    public static void main(Factory factory, String... arguments) {
        PrintStream out = System.out;
        // The output of libraries must not mix with the output of the command.
        System.setOut(System.err);
        StopSignal stop = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::requestAndWait, "stop"));
        int code = EXIT_FAILURE;
        try {
            code = run(factory, out, System.err, stop, arguments);
        } catch (Error e) {
            // If Ctrl-C interrupts a start, an Error is normal: a JVM that shuts down accepts no more shutdown hooks.
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
        CommandLine commands = factory.create(out, err, stop)
                .setOut(new PrintWriter(new OutputStreamWriter(out, Charset.defaultCharset()), true))
                .setErr(new PrintWriter(new OutputStreamWriter(err, Charset.defaultCharset()), true))
                .setParameterExceptionHandler((e, given) -> misused(err, e))
                .setExecutionExceptionHandler((e, command, result) -> failed(err, e, stop));
        try {
            return commands.execute(arguments);
        } catch (OutOfMemoryError e) {
            long megabytes = Runtime.getRuntime().maxMemory() / MEGABYTE;
            err.println(
                    "handover: The " + megabytes + " MB of memory that Java may use are not enough; allow more, such as"
                            + " JAVA_OPTS=-Xmx" + 2 * megabytes + "m.");
            return EXIT_FAILURE;
        }
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
            // If Ctrl-C interrupts a start, any exception is possible. It is no error, so it is not printed.
            return EXIT_FAILURE;
        }
        err.println("handover: " + (explained ? e.getMessage() : "Unexpected: " + e));
        return EXIT_FAILURE;
    }
}
