package io.handover.history.live;

import io.handover.schema.OperatorOrder.Action;
import picocli.CommandLine.Command;

/** {@code ./handover conversations release}. */
@Command(
        name = "release",
        description = {
            "Announces the held end of a conversation now, instead of at its deadline. The bot gets handover-ended with the"
                    + " reason of the held end.",
            "",
            OrderCommand.COURSE
        },
        customSynopsis = "./handover conversations release CONVERSATION-ID --reason TEXT [OPTIONS]",
        footer = {
            "    ./handover conversations release 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 \\",
            "      --reason 'agents went home, ticket 4711'",
            "  In a script:",
            "    ./handover conversations release 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 \\",
            "      --reason 'nightly clean-up' --operator clean-up --yes"
        })
final class ReleaseCommand extends OrderCommand {

    ReleaseCommand(CommandIo io) {
        super(io, Action.RELEASE);
    }
}
