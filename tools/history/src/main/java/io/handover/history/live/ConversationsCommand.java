package io.handover.history.live;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./handover conversations}. */
@Command(
        name = "conversations",
        description = {
            "Shows the conversations of a running installation, and sends the orders of an operator.",
            "",
            "Every command asks one instance of streams-app, which asks the others. streams-app needs"
                    + " management.read.tokens; for orders, management.steer.tokens."
        },
        customSynopsis = "./handover conversations COMMAND [OPTIONS]",
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "    export HANDOVER_MANAGEMENT_URL=http://localhost:8082",
            "    export HANDOVER_MANAGEMENT_TOKEN=$(cat token)",
            "    ./handover conversations list --held",
            "    ./handover conversations show 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1",
            "    ./handover conversations end 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 \\",
            "      --reason 'agents went home, ticket 4711'"
        })
public final class ConversationsCommand implements Callable<Integer> {

    private final PrintStream out;

    @Mixin
    HelpOption help = new HelpOption();

    @Spec
    @Nullable
    CommandSpec spec;

    private ConversationsCommand(PrintStream out) {
        this.out = out;
    }

    /** Returns the command with its subcommands. */
    public static CommandLine commandLine(
            PrintStream out, PrintStream err, InputStream in, StopSignal stop, Map<String, String> environment) {
        CommandIo io = new CommandIo(out, err, in, stop, environment);
        return new CommandLine(new ConversationsCommand(out))
                .addSubcommand(new ListCommand(io))
                .addSubcommand(new ShowCommand(io))
                .addSubcommand(new EndCommand(io))
                .addSubcommand(new ReleaseCommand(io))
                .addSubcommand(new ForgetCommand(io));
    }

    @Override
    public Integer call() {
        Objects.requireNonNull(spec, "spec").commandLine().usage(out);
        return CommandRunner.EXIT_OK;
    }
}
