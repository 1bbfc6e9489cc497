package io.handover.setup.dlq;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.handover.setup.plan.Guard;
import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.PrintableText;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover dlq list}. */
@Command(
        name = "list",
        description = "Counts the dead letters by cause. They stay where they are.",
        customSynopsis = "./handover dlq list [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover dlq list",
            "    ./handover dlq list --from topic --bootstrap-server localhost:9092 --json"
        })
final class ListCommand implements Callable<Integer> {

    private final PrintStream out;
    private final Waiting waiting;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    DlqOptions options = new DlqOptions();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    ListCommand(PrintStream out, Waiting waiting) {
        this.out = out;
        this.waiting = waiting;
    }

    /**
     * The letters of one cause.
     *
     * @param count how many
     */
    private record Group(long count, Instant oldest, Instant newest) {

        static Group of(DeadLetter letter) {
            return new Group(1, letter.since(), letter.since());
        }

        Group plus(Group other) {
            return new Group(
                    count + other.count,
                    oldest.isBefore(other.oldest) ? oldest : other.oldest,
                    newest.isAfter(other.newest) ? newest : other.newest);
        }
    }

    @Override
    public Integer call() {
        return Guard.run(waiting.err(), () -> {
            Map<String, Group> groups = new TreeMap<>();
            try (DeadLetters letters = options.open(waiting)) {
                for (List<DeadLetter> some = letters.next(); !some.isEmpty(); some = letters.next()) {
                    waiting.checkStopped();
                    some.stream()
                            .filter(options::wants)
                            .forEach(letter -> groups.merge(letter.cause(), Group.of(letter), Group::plus));
                }
            }
            out.println(json ? json(groups) : text(groups));
            return CommandRunner.EXIT_OK;
        });
    }

    private static String text(Map<String, Group> groups) {
        if (groups.isEmpty()) {
            return "No dead letters.";
        }
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%8s  %-20s  %-20s  %s%n", "letters", "oldest", "newest", "cause"));
        groups.forEach((cause, group) -> text.append(String.format(
                Locale.ROOT,
                "%8d  %-20s  %-20s  %s%n",
                group.count(),
                group.oldest().truncatedTo(ChronoUnit.SECONDS),
                group.newest().truncatedTo(ChronoUnit.SECONDS),
                PrintableText.of(cause))));
        return text.toString().stripTrailing();
    }

    private static String json(Map<String, Group> groups) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        groups.forEach((cause, group) -> list.addObject()
                .put("cause", cause)
                .put("letters", group.count())
                .put("oldest", group.oldest().toString())
                .put("newest", group.newest().toString()));
        return list.toPrettyString();
    }
}
