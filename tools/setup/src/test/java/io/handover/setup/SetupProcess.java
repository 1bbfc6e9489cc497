package io.handover.setup;

import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandRunner;
import java.time.Duration;

/** The commands of setup in a process of their own, which a test can kill. They wait as in the other tests. */
final class SetupProcess {

    private SetupProcess() {}

    /** Runs a command. */
    public static void main(String[] arguments) {
        CommandRunner.main(
                (out, err, stop) -> SetupCommand.commandLine(
                        out, new Waiting(err, stop, Duration.ofMillis(10), Duration.ofSeconds(20))),
                arguments);
    }
}
