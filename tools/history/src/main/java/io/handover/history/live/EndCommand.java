package io.handover.history.live;

import io.handover.schema.OperatorOrder.Action;
import picocli.CommandLine.Command;

/** {@code ./handover conversations end}. */
@Command(
        name = "end",
        description = {
            "Ends the open handover of a conversation by order of an operator, whoever has the conversation. The bot gets"
                    + " handover-ended with the reason operator.",
            "",
            OrderCommand.COURSE
        },
        customSynopsis = "./handover conversations end CONVERSATION-ID --reason TEXT [OPTIONS]",
        footer = {
            "    ./handover conversations end 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 \\",
            "      --reason 'agents went home, ticket 4711'",
            "  In a script:",
            "    ./handover conversations end 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 \\",
            "      --reason 'nightly clean-up' --operator clean-up --yes"
        })
final class EndCommand extends OrderCommand {

    EndCommand(CommandIo io) {
        super(io, Action.END);
    }
}
