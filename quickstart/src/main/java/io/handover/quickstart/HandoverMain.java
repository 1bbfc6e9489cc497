package io.handover.quickstart;

import io.handover.history.GenerateCommand;
import io.handover.history.ReplayCommand;
import io.handover.history.ResetCommand;
import io.handover.history.backtest.BacktestCommand;
import io.handover.history.backtest.ExplainCommand;
import io.handover.quickstart.torture.TortureCommand;
import io.handover.service.CommandException;
import io.handover.service.SettingsException;
import io.handover.service.StartException;
import io.handover.service.StopSignal;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover}. */
@Command(
        name = "./handover",
        description = "Tells a bot platform when the human agents are done with a customer, and who serves now.",
        customSynopsis = "./handover COMMAND [OPTIONS]",
        usageHelpWidth = HandoverMain.HELP_WIDTH,
        commandListHeading = "%nCommands:%n",
        footer = {"", "Start with:", "  ./handover quickstart", "  ./handover quickstart --help"})
public final class HandoverMain implements Callable<Integer> {

    public static final int EXIT_OK = 0;
    public static final int EXIT_FAILURE = 1;
    public static final int EXIT_USAGE = 2;

    /** So wide that no example breaks. */
    public static final int HELP_WIDTH = 100;

    private static final String LOGBACK = "io/handover/quickstart/logback.xml";

    private final PrintStream out;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    boolean help;

    @Spec
    @Nullable
    CommandSpec spec;

    private HandoverMain(PrintStream out) {
        this.out = out;
    }

    /** Runs the command, and exits with its code. */
    public static void main(String[] arguments) {
        PrintStream out = System.out;
        // What a library prints must not get between the commands.
        System.setOut(System.err);
        // Both processes bring a configuration of their own; this is neither.
        System.setProperty("logback.configurationFile", LOGBACK);
        StopSignal stop = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(stop::requestAndWait, "stop"));
        int code = EXIT_FAILURE;
        try {
            code = run(out, System.err, stop, arguments);
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

    /**
     * Runs the command.
     *
     * @param out for what can be piped
     * @param err for people
     * @param stop ends a command that would not end by itself
     * @return the exit code
     */
    static int run(PrintStream out, PrintStream err, StopSignal stop, String... arguments) {
        CommandLine commandLine = new CommandLine(new HandoverMain(out))
                .addSubcommand(new QuickstartCommand(out, err, stop))
                .addSubcommand(new TortureCommand(out, err, stop))
                .addSubcommand(new BacktestCommand(out, err, stop))
                .addSubcommand(new ExplainCommand(out, err, stop))
                .addSubcommand(new GenerateCommand(out, err, stop))
                .addSubcommand(new ResetCommand(out, err))
                .addSubcommand(ReplayCommand.commandLine(out, err, stop))
                .setOut(new PrintWriter(new OutputStreamWriter(out, Charset.defaultCharset()), true))
                .setErr(new PrintWriter(new OutputStreamWriter(err, Charset.defaultCharset()), true))
                .setParameterExceptionHandler((e, given) -> misused(err, e))
                .setExecutionExceptionHandler((e, command, result) -> failed(err, e, stop));
        return commandLine.execute(arguments);
    }

    @Override
    public Integer call() {
        Objects.requireNonNull(spec, "spec").commandLine().usage(out);
        return EXIT_OK;
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
            // what was starting when it was told to stop
            return EXIT_FAILURE;
        }
        err.println("handover: " + (explained ? e.getMessage() : "Unexpected: " + e));
        return EXIT_FAILURE;
    }
}
