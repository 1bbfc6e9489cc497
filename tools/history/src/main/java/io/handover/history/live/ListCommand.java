package io.handover.history.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.handover.history.live.HandoverPage.Item;
import io.handover.history.live.HandoverPage.Unreachable;
import io.handover.schema.IsoTime;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.PrintableText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover conversations list}. */
@Command(
        name = "list",
        description = {
            "Lists the open handovers of all instances, oldest first; or only those with a held end, in the order of"
                    + " their deadlines.",
            "",
            "AGE is the time since the handover began, LAST EVENT the time since its newest event, ENDS IN the time until"
                    + " the deadline of the held end."
        },
        customSynopsis = "./handover conversations list [--open | --held] [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the list is complete, up to the limit",
            "1:failed",
            "2:wrong usage",
            "3:an instance did not answer: its handovers are missing, and standard error names it",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  The ends that come next:",
            "    ./handover conversations list --held",
            "  The ids of handovers that no event has reached for a day:",
            "    ./handover conversations list --limit 10000 --json \\",
            "      | jq -r '.items[] | select(.lastEventAt < (now - 86400 | todate)) | .conversationId'"
        })
final class ListCommand implements Callable<Integer> {

    /** An instance did not answer. */
    static final int EXIT_INCOMPLETE = 3;

    private static final int MAX_PAGE = 500;
    private static final int MAX_LIMIT = 1_000_000;

    /** A page can be empty, although others follow. */
    private static final int MAX_PAGES = 10_000;

    private final CommandIo io;

    @Mixin
    HelpOption help = new HelpOption();

    @ArgGroup
    Which which = new Which();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "List at most N handovers (${DEFAULT-VALUE}).")
    int limit = 100;

    @Option(names = "--json", description = "Write the JSON of streams-app instead of a table, all pages as one.")
    boolean json;

    @Mixin
    ManagementOptions management = new ManagementOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    /** Which handovers are listed. */
    static final class Which {

        @Option(names = "--open", description = "All open handovers. This is the default.")
        boolean open;

        @Option(names = "--held", description = "Only handovers with a held end.")
        boolean held;
    }

    ListCommand(CommandIo io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "spec").commandLine(), "--limit must be from 1 to " + MAX_LIMIT);
        }
        ManagementApi api = management.open(io.environment());
        List<HandoverPage> pages = new ArrayList<>();
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        String after = null;
        do {
            if (io.stop().isRequested()) {
                return CommandRunner.EXIT_STOPPED;
            }
            JsonNode answer = api.handovers(
                            which.held ? "held" : "open", Math.min(MAX_PAGE, limit - items.size()), after)
                    .require();
            HandoverPage page = LiveJson.read(answer, HandoverPage.class);
            if (page.next() != null && (page.next().equals(after) || pages.size() == MAX_PAGES)) {
                throw new CommandException(api + " gives pages without end. Ask another instance with --url.");
            }
            pages.add(page);
            items.addAll((ArrayNode) answer.withArray("items"));
            after = page.next();
        } while (after != null && items.size() < limit);
        Set<Unreachable> unreachable = pages.stream()
                .flatMap(page -> page.unreachable().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (json) {
            io.print(LiveJson.pretty(whole(pages, items, after, unreachable)));
        } else {
            table(pages);
        }
        summary(items.size(), after != null);
        unreachable.forEach(this::name);
        return unreachable.isEmpty() ? CommandRunner.EXIT_OK : EXIT_INCOMPLETE;
    }

    /** Returns all pages in the form of one. */
    private static ObjectNode whole(
            List<HandoverPage> pages, ArrayNode items, @Nullable String next, Set<Unreachable> unreachable) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.put("now", IsoTime.format(pages.get(0).now()));
        whole.set("items", items);
        if (next != null) {
            whole.put("next", next);
        }
        ArrayNode missing = whole.putArray("unreachable");
        unreachable.forEach(each -> {
            ArrayNode partitions =
                    missing.addObject().put("instance", each.instance()).putArray("partitions");
            each.partitions().forEach(partitions::add);
        });
        return whole;
    }

    private void table(List<HandoverPage> pages) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                which.held
                        ? List.of("CONVERSATION", "CYCLE", "ENDS IN", "REASON", "AGE", "AGENT")
                        : List.of("CONVERSATION", "CYCLE", "AGE", "LAST EVENT", "READING", "HELD", "ENDS IN", "AGENT"));
        pages.forEach(page -> page.items().forEach(item -> rows.add(which.held ? held(item, page) : open(item, page))));
        if (rows.size() > 1) {
            io.print(Columns.of(rows));
        }
    }

    private static List<String> held(Item item, HandoverPage page) {
        return List.of(
                item.conversationId(),
                String.valueOf(item.cycle()),
                page.until(item.deadline()),
                text(item.reason()),
                page.since(item.openedAt()),
                item.agent());
    }

    private static List<String> open(Item item, HandoverPage page) {
        HandoverPage.HeldEnd held = item.held();
        return List.of(
                item.conversationId(),
                String.valueOf(item.cycle()),
                page.since(item.openedAt()),
                page.since(item.lastEventAt()),
                text(item.reading()),
                held == null ? "" : text(held.reason()),
                held == null ? "" : page.until(held.deadline()),
                item.agent());
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private void summary(int count, boolean more) {
        String listed = which.held ? "with a held end" : "open";
        if (count == 0) {
            io.err().println("No handover is " + (which.held ? "held." : "open."));
        } else if (more) {
            io.err().println("These are the first " + count + " handovers " + listed + ". For more, add --limit.");
        } else {
            io.err().println(count + (count == 1 ? " handover " : " handovers ") + listed + '.');
        }
    }

    private void name(Unreachable instance) {
        io.err()
                .println(PrintableText.of("Incomplete: " + instance.instance()
                        + " does not answer; the handovers of its partitions "
                        + instance.partitions().stream().map(String::valueOf).collect(Collectors.joining(", "))
                        + " are missing."));
    }
}
