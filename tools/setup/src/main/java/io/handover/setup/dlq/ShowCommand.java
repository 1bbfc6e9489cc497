package io.handover.setup.dlq;

import io.handover.setup.plan.Guard;
import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.PrintableText;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover dlq show}. */
@Command(
        name = "show",
        description = "Prints dead letters with what is known about their failure. They stay where they are.",
        customSynopsis = "./handover dlq show [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover dlq show --limit 1",
            "    ./handover dlq show --cause NO_RESOURCE",
        })
final class ShowCommand implements Callable<Integer> {

    private final PrintStream out;
    private final Waiting waiting;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    DlqOptions options = new DlqOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many letters to print at most (${DEFAULT-VALUE}).")
    int limit = 10;

    ShowCommand(PrintStream out, Waiting waiting) {
        this.out = out;
        this.waiting = waiting;
    }

    @Override
    public Integer call() {
        return Guard.run(waiting.err(), () -> {
            int shown = 0;
            try (DeadLetters letters = options.open(waiting)) {
                for (List<DeadLetter> some = letters.next(); !some.isEmpty() && shown < limit; some = letters.next()) {
                    waiting.checkStopped();
                    for (DeadLetter letter : some) {
                        if (options.wants(letter) && shown < limit) {
                            print(letter);
                            shown++;
                        }
                    }
                }
            }
            if (shown == 0) {
                out.println("No dead letters.");
            }
            return CommandRunner.EXIT_OK;
        });
    }

    private void print(DeadLetter letter) {
        out.println(letter.since() + "  " + letter.id() + "  " + PrintableText.of(letter.cause()));
        letter.attributes().forEach((name, value) -> out.println("    " + name + ": " + PrintableText.of(value)));
        out.println("    " + PrintableText.of(new String(letter.body(), StandardCharsets.UTF_8)));
    }
}
