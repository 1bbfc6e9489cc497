package io.handover.history.live;

import io.handover.schema.OperatorOrder.Action;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./handover conversations end}. */
@Command(
        name = "end",
        description = {
            "Ends the open handover of a conversation by order of an operator, whoever has the conversation. The bot gets"
                    + " handover-ended with the reason operator.",
            "",
            "It shows the handover, asks, sends the order, and waits until the conversation shows the end. The order is"
                    + " only for the handover that was shown, and running the command again is safe."
        },
        customSynopsis = "./handover conversations end CONVERSATION-ID --reason TEXT [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            OrderRun.EXIT_CODE_0,
            OrderRun.EXIT_CODE_1,
            "2:wrong usage",
            OrderRun.EXIT_CODE_3,
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover conversations end 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 \\",
            "      --reason 'agents went home, ticket 4711'",
            "  In a script:",
            "    ./handover conversations end 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 \\",
            "      --reason 'nightly clean-up' --operator clean-up --yes"
        })
final class EndCommand implements Callable<Integer> {

    private final CommandIo io;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    OrderOptions order = new OrderOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    EndCommand(CommandIo io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        return new OrderRun(io, order, Action.END)
                .run(Objects.requireNonNull(spec, "spec").commandLine());
    }
}
