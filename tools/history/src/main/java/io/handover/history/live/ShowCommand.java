package io.handover.history.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./handover conversations show}. */
@Command(
        name = "show",
        description = {
            "Shows the present state of a conversation: who has it, which end is held until when and why, its agents,"
                    + " queues and flows, and its last outcomes and commands.",
            "",
            "The outcomes are those that the instance remembers in memory. For all of them since the handover began:"
                    + " ./handover explain --live ID."
        },
        customSynopsis = "./handover conversations show CONVERSATION-ID [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the conversation is shown",
            "1:it is unknown or forgotten, or no instance that has it answers",
            "2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover conversations show 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1",
            "  When does the held end come?",
            "    ./handover conversations show 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 --json | jq .held.deadline"
        })
final class ShowCommand implements Callable<Integer> {

    private final CommandIo io;

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(index = "0", paramLabel = "CONVERSATION-ID", description = "The whole id of the conversation.")
    String conversationId = "";

    @Option(names = "--json", description = "Write the JSON of streams-app instead of text.")
    boolean json;

    @Mixin
    ManagementOptions management = new ManagementOptions();

    ShowCommand(CommandIo io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        JsonNode answer = management.open(io.environment()).requireConversation(conversationId);
        io.print(json ? LiveJson.pretty(answer) : LiveText.of(LiveConversation.of(answer), Ansi.AUTO));
        return CommandRunner.EXIT_OK;
    }
}
