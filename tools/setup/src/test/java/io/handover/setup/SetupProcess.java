package io.handover.setup;

import io.handover.terminal.CommandRunner;

/** The commands of setup in a process of their own, which a test can kill. */
final class SetupProcess {

    private SetupProcess() {}

    /** Runs a command. */
    public static void main(String[] arguments) {
        CommandRunner.main(SetupCommand::commandLine, arguments);
    }
}
