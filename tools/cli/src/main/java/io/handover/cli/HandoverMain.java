package io.handover.cli;

import io.handover.history.HistoryCommands;
import io.handover.quickstart.QuickstartCommand;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import io.handover.torture.TortureCommand;
import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./handover}. */
@Command(
        name = "./handover",
        description = "Tells a bot platform when the human agents are done with a customer, and who serves now.",
        customSynopsis = "./handover COMMAND [OPTIONS]",
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        commandListHeading = "%nCommands:%n",
        footer = {"", "Start with:", "  ./handover quickstart", "  ./handover quickstart --help"})
public final class HandoverMain implements Callable<Integer> {

    private static final String LOGBACK = "io/handover/cli/logback.xml";

    private final PrintStream out;

    @Mixin
    HelpOption help = new HelpOption();

    @Spec
    @Nullable
    CommandSpec spec;

    private HandoverMain(PrintStream out) {
        this.out = out;
    }

    /** Runs the command, and exits with its code. */
    public static void main(String[] arguments) {
        // Both processes bring a configuration of their own; this is neither.
        System.setProperty("logback.configurationFile", LOGBACK);
        CommandRunner.main(HandoverMain::commandLine, arguments);
    }

    static CommandLine commandLine(PrintStream out, PrintStream err, StopSignal stop) {
        CommandLine handover = new CommandLine(new HandoverMain(out))
                .addSubcommand(new QuickstartCommand(out, err, stop))
                .addSubcommand(new TortureCommand(out, err, stop));
        return HistoryCommands.addTo(handover, out, err, stop);
    }

    @Override
    public Integer call() {
        Objects.requireNonNull(spec, "spec").commandLine().usage(out);
        return CommandRunner.EXIT_OK;
    }
}
