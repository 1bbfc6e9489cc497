package io.handover.setup.dlq;

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

/** {@code ./handover dlq}. */
@Command(
        name = "dlq",
        description = {
            "Shows, sends again, and discards events that could not be delivered or read.",
            "",
            "They are in the dead letter queue of EventBridge's rule, or, with --from topic, in the topic"
                    + " handover-dead-letters."
        },
        customSynopsis = "./handover dlq COMMAND [OPTIONS]",
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover dlq list",
            "    ./handover dlq resend",
            "    ./handover dlq list --from topic --bootstrap-server localhost:9092"
        })
public final class DlqCommand implements Callable<Integer> {

    private final PrintStream out;

    @Mixin
    HelpOption help = new HelpOption();

    @Spec
    @Nullable
    CommandSpec spec;

    private DlqCommand(PrintStream out) {
        this.out = out;
    }

    /** Returns the command with its subcommands. */
    public static CommandLine commandLine(PrintStream out, PrintStream err, StopSignal stop) {
        return commandLine(out, new Waiting(err, stop));
    }

    /** Returns the command with its subcommands, which wait as given. */
    public static CommandLine commandLine(PrintStream out, Waiting waiting) {
        return new CommandLine(new DlqCommand(out))
                .addSubcommand(new ListCommand(out, waiting))
                .addSubcommand(new ShowCommand(out, waiting))
                .addSubcommand(new ResendCommand(out, waiting))
                .addSubcommand(new DiscardCommand(out, waiting));
    }

    @Override
    public Integer call() {
        Objects.requireNonNull(spec, "spec").commandLine().usage(out);
        return CommandRunner.EXIT_OK;
    }
}
