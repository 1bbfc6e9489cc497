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

/** {@code ./handover conversations release}. */
@Command(
        name = "release",
        description = {
            "Announces the held end of a conversation now, instead of at its deadline. The bot gets handover-ended with the"
                    + " reason of the held end.",
            "",
            "It shows the handover, asks, sends the order, and waits until the conversation shows the end. The order is"
                    + " only for the handover that was shown, and running the command again is safe."
        },
        customSynopsis = "./handover conversations release CONVERSATION-ID --reason TEXT [OPTIONS]",
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
            "    ./handover conversations release 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 \\",
            "      --reason 'agents went home, ticket 4711'",
            "  In a script:",
            "    ./handover conversations release 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 \\",
            "      --reason 'nightly clean-up' --operator clean-up --yes"
        })
final class ReleaseCommand implements Callable<Integer> {

    private final CommandIo io;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    OrderOptions order = new OrderOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    ReleaseCommand(CommandIo io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        return new OrderRun(io, order, Action.RELEASE)
                .run(Objects.requireNonNull(spec, "spec").commandLine());
    }
}
