package io.handover.setup;

import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./handover setup}. */
@Command(
        name = "setup",
        description =
                "Sets up Amazon EventBridge and Genesys Cloud from one file, checks them, and removes them again.",
        customSynopsis = "./handover setup COMMAND [OPTIONS]",
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  Write the file, fill it in, and look at what would be made:",
            "    ./handover setup init",
            "    ./handover setup plan",
            "  Make it, and check the whole way:",
            "    ./handover setup apply",
            "    ./handover setup verify --canary"
        })
public final class SetupCommand implements Callable<Integer> {

    private final PrintStream out;

    @Mixin
    HelpOption help = new HelpOption();

    @Spec
    @Nullable
    CommandSpec spec;

    private SetupCommand(PrintStream out) {
        this.out = out;
    }

    /** Returns the command with its subcommands. */
    public static CommandLine commandLine(PrintStream out, PrintStream err, StopSignal stop) {
        return commandLine(out, new Waiting(err, stop));
    }

    static CommandLine commandLine(PrintStream out, Waiting waiting) {
        return new CommandLine(new SetupCommand(out))
                .addSubcommand(new InitCommand(waiting.err()))
                .addSubcommand(new PlanCommand(out, waiting))
                .addSubcommand(new ApplyCommand(out, waiting))
                .addSubcommand(new VerifyCommand(out, waiting))
                .addSubcommand(new RotateKeyCommand(waiting))
                .addSubcommand(new DestroyCommand(out, waiting));
    }

    @Override
    public Integer call() {
        Objects.requireNonNull(spec, "spec").commandLine().usage(out);
        return CommandRunner.EXIT_OK;
    }
}
