package io.handover.setup.dlq;

import io.handover.setup.plan.Guard;
import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover dlq discard}. */
@Command(
        name = "discard",
        description = {
            "Removes dead letters for good. Without --execute it only counts them.",
            "",
            "With --from topic the letters stay in the topic until its retention is over, but list and resend no longer"
                    + " see them."
        },
        customSynopsis = "./handover dlq discard [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  Count the letters of one cause, then remove them:",
            "    ./handover dlq discard --cause NO_RESOURCE",
            "    ./handover dlq discard --cause NO_RESOURCE --execute"
        })
final class DiscardCommand implements Callable<Integer> {

    private final PrintStream out;
    private final Waiting waiting;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    DlqOptions options = new DlqOptions();

    @Option(names = "--execute", description = "Remove the letters.")
    boolean execute;

    DiscardCommand(PrintStream out, Waiting waiting) {
        this.out = out;
        this.waiting = waiting;
    }

    @Override
    public Integer call() {
        return Guard.run(waiting.err(), () -> {
            long count = 0;
            try (DeadLetters letters = options.openToRemove(waiting)) {
                for (List<DeadLetter> some = letters.next(); !some.isEmpty(); some = letters.next()) {
                    for (DeadLetter letter : some) {
                        waiting.checkStopped();
                        if (options.wants(letter)) {
                            count++;
                            if (execute) {
                                letters.remove(letter);
                            }
                        }
                    }
                }
            }
            out.println(execute ? "Discarded " + count + " letters." : "Would discard " + count + " letters.");
            if (!execute && count > 0) {
                waiting.err().println("Nothing was changed. Add --execute to remove them.");
            }
            return CommandRunner.EXIT_OK;
        });
    }
}
