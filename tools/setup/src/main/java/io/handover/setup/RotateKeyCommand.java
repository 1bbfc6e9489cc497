package io.handover.setup;

import io.handover.setup.OnlyOption.Half;
import io.handover.setup.aws.Connection;
import io.handover.setup.plan.Application;
import io.handover.setup.plan.Found;
import io.handover.setup.plan.Guard;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.SetupOptions;
import io.handover.setup.settings.SetupSettings;
import io.handover.setup.verify.BridgeCheck;
import io.handover.setup.verify.BridgeRequest;
import io.handover.setup.verify.Tls;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.Question;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover setup rotate-key}. */
@Command(
        name = "rotate-key",
        description = {
            "Gives EventBridge the key of the file. Before, let the bridge accept the new and the old key; afterwards,"
                    + " remove the old one from the bridge. No delivery is lost.",
            "",
            "The command refuses as long as the bridge does not accept the new key. It also authorizes a connection"
                    + " again that EventBridge has de-authorized."
        },
        customSynopsis = "./handover setup rotate-key [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:EventBridge has the key",
            "1:the bridge does not accept the key, or AWS refuses",
            "2:wrong usage or settings",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  The file of api.key.file begins with the new key; the bridge reads the same file with both:",
            "    ./handover setup rotate-key"
        })
final class RotateKeyCommand implements Callable<Integer> {

    private final Waiting waiting;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    SetupOptions options = new SetupOptions();

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    RotateKeyCommand(Waiting waiting) {
        this.waiting = waiting;
    }

    @Override
    public Integer call() {
        return Guard.run(waiting.err(), () -> {
            try (OpenSetup setup = new OpenSetup(options.settings(), options.profile, Half.AWS, waiting)) {
                Connection connection = setup.aws().connection();
                Found found = connection.find();
                if (!found.isOurs()) {
                    throw new CommandException("The " + connection.label()
                            + (found.exists() ? " was not made by this command." : " does not exist.")
                            + " Nothing was changed.");
                }
                requireAccepted(setup.settings());
                if (!yes
                        && !new Question(System.in, waiting.err())
                                .isAnsweredYes("Give EventBridge the key of the file?")) {
                    waiting.err().println("Nothing was changed.");
                    return CommandRunner.EXIT_FAILURE;
                }
                connection.change(found);
                new Application(waiting).awaitReady(connection);
                waiting.err()
                        .println(
                                "EventBridge has the key. When deliveries have been stored since, remove the old key from the"
                                        + " bridge. If unauthorized-eventbridge grows in its metrics afterwards, run the same"
                                        + " command again.");
                return CommandRunner.EXIT_OK;
            }
        });
    }

    private static void requireAccepted(SetupSettings settings) {
        BridgeRequest.Answer answer = BridgeCheck.answer(settings, Tls.publicAuthorities(), settings.requiredKey());
        if (!answer.isAccepted()) {
            throw new CommandException("The bridge does not accept the key of the file: it answers "
                    + (answer.status() == BridgeRequest.NO_ANSWER ? "" : answer.status() + " ") + answer.outcome()
                    + ". Let it accept both keys first. Nothing was changed.");
        }
    }
}
