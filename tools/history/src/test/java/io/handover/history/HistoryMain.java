package io.handover.history;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Runs the commands of this module, also as a process that a test can kill. */
public final class HistoryMain {

    private HistoryMain() {}

    public static void main(String[] arguments) {
        CommandRunner.main(HistoryMain::commandLine, arguments);
    }

    /** Runs a command in this JVM, and returns its exit code. */
    public static int run(PrintStream out, PrintStream err, StopSignal stop, String... arguments) {
        return CommandRunner.run(HistoryMain::commandLine, out, err, stop, arguments);
    }

    private static CommandLine commandLine(PrintStream out, PrintStream err, StopSignal stop) {
        return HistoryCommands.addTo(new CommandLine(CommandSpec.create().name("./handover")), out, err, stop);
    }
}
