package io.handover.setup.plan;

import io.handover.setup.plan.Waiting.StoppedException;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import java.io.PrintStream;
import java.util.function.IntSupplier;

/** Turns the ends of a command that are no errors of a program into sentences and exit codes. */
public final class Guard {

    private Guard() {}

    /** Runs a command, and returns its exit code. */
    public static int run(PrintStream err, IntSupplier command) {
        try {
            return command.getAsInt();
        } catch (StoppedException e) {
            err.println(e.getMessage());
            return CommandRunner.EXIT_STOPPED;
        } catch (NotPermittedException e) {
            throw new CommandException(
                    "Not permitted: " + e.getMessage() + ". docs/setup.md lists the permissions of each command.", e);
        }
    }
}
