package io.handover.history.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.Question;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./handover conversations forget-agent}. */
@Command(
        name = "forget-agent",
        description = {
            "Makes streams-app forget the name and picture of an agent now, by order of an operator. Delete the agent in"
                    + " Genesys first: otherwise the next announcement asks for the name again, and the memory of ingress-bridge"
                    + " keeps an answer for some minutes.",
            "",
            "It asks, and sends the order. Running the command again is safe. Without live queries, ./handover forget-agent"
                    + " writes the same to Kafka."
        },
        customSynopsis = "./handover conversations forget-agent AGENT-ID --reason TEXT [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the order is stored", "1:nothing was sent, or the order may not be stored", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover conversations forget-agent 5c7e9a1b-3d2f-4b6a-8c0d-1e2f3a4b5c61 \\",
            "      --reason 'has left, ticket 4711'"
        })
final class ForgetCommand implements Callable<Integer> {

    private final CommandIo io;

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "AGENT-ID", description = "The Genesys user id of the agent.")
    String agentId = "";

    @Mixin
    OrderOptions order = new OrderOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    ForgetCommand(CommandIo io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        if (agentId.isBlank()) {
            throw new CommandException("AGENT-ID must be the id of an agent, but it is blank.");
        }
        String operator = order.operator(Objects.requireNonNull(spec, "spec").commandLine(), io.environment());
        ManagementApi api = order.management.open(io.environment());
        if (!order.yes
                && !new Question(io.in(), io.err())
                        .isAnsweredYes("Forget the name and picture of the agent " + agentId + " now?")) {
            io.err().println("Nothing was sent.");
            return CommandRunner.EXIT_FAILURE;
        }
        Order sent = new Order(operator, order.reason, null, UUID.randomUUID());
        JsonNode stored =
                new OrderSender(io, "to forget an agent twice changes nothing.").send(() -> api.forget(agentId, sent));
        if (order.json) {
            io.print(LiveJson.pretty(stored));
        }
        io.err()
                .println("The order is stored in " + stored.path("partitions").asInt()
                        + " partitions. streams-app forgets the agent when it reads it.");
        return CommandRunner.EXIT_OK;
    }
}
