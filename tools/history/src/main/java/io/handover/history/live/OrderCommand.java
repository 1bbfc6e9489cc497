package io.handover.history.live;

import io.handover.schema.OperatorOrder.Action;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.DurationConverter;
import io.handover.terminal.HelpOption;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An order about the handover of a conversation. The subclasses are the orders, with their usage texts. */
@Command(
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the handover has ended",
            "1:nothing was sent, the order had no effect, or it may not be stored",
            "2:wrong usage",
            OrderRun.EXIT_NOT_SEEN + ":the order is stored, but the end was not seen in time",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n")
abstract class OrderCommand implements Callable<Integer> {

    /** The second paragraph of the descriptions. */
    static final String COURSE =
            "It shows the handover, asks, sends the order, and waits until the conversation shows the"
                    + " end. The order is only for the handover that was shown, and running the command again is safe.";

    private final CommandIo io;
    private final Action action;

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "CONVERSATION-ID", description = "The whole id of the conversation.")
    String conversationId = "";

    @Mixin
    OrderOptions order = new OrderOptions();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long to wait until the conversation shows the end (${DEFAULT-VALUE}).")
    Duration wait = Duration.ofSeconds(30);

    @Spec
    @Nullable
    CommandSpec spec;

    OrderCommand(CommandIo io, Action action) {
        this.io = io;
        this.action = action;
    }

    @Override
    public Integer call() {
        String operator = order.operator(Objects.requireNonNull(spec, "spec").commandLine(), io.environment());
        return new OrderRun(io, order, action, conversationId, wait).run(operator);
    }
}
