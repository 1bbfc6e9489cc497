package io.handover.history.explain;

import io.handover.conversation.fold.EventMapper;
import io.handover.history.options.PolicyOptions;
import io.handover.history.options.SourceOptions;
import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import io.handover.service.Settings;
import io.handover.service.StreamsAppSettings;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code ./handover explain}. */
@Command(
        name = "explain",
        description = {
            "Shows what happened to a conversation, and why: each event as it arrived, the row of the decision table that"
                    + " applied, which ends were held and until when, and each command. Nothing is sent or changed.",
            "",
            "The decisions are those of streams-app, in virtual time. Other conversations move the stream time too, so give"
                    + " the whole log. In files, a deadline fires with the next delivery. In a topic, it fires with the next"
                    + " record, as in streams-app; the text shows by how much that was late."
        },
        customSynopsis = "./handover explain CONVERSATION-ID SOURCE... [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the conversation is explained",
            "1:there is no such conversation, or the sources have no wanted delivery or cannot be read",
            "2:wrong usage",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nJSON, with times in UTC, durations in ms, and without unknown fields:%n",
        footer = {
            "  conversationId, organizationId, customerId, settings (those that differ from their defaults),",
            "  events (how many), logEnd, steps, cycles",
            "  of steps:    time, kind (event, profile, deadline, forgotten), event, profile, deadline, row,",
            "               outcome, meaning, cycle and phase afterwards, hold,",
            "               commands (as in the topic handover-commands)",
            "  of event:    topic, eventId, eventTime, lateMs, overtakenBy (the time of an event that happened",
            "               later and arrived before), sameAs (when the same event arrived first), disconnectType,",
            "               acdOutcome, flowType, exitReason, agentId, queueId, interactingMs, alertingMs,",
            "               otherMs, replayName, dataAction, order (of an operator: action, operator, reason),",
            "               source, number (line or offset)",
            "  of profile:  agentId, known (whether the directory knows the agent)",
            "  of deadline: reason, since, noticedMs (how much later the log reached it),",
            "               afterLog (it is after the end of the log, and fires only if no other event arrives)",
            "  of hold:     change (held, moved, replaced, dropped), reason, since, deadline,",
            "               putOff (longer than the timeout, because the conversation may be moving on),",
            "               was (the hold before)",
            "  of cycles:   number, began, ended, reason, heldMs, afterLog,",
            "               expires (when an open one ends if no other event arrives),",
            "               standing (why it is open: kind (served, joined, queued, in_flow, open, forgotten),",
            "               since, agentId)",
            "",
            "Examples:",
            "  A conversation of yesterday's archive; the beginning of its id is enough:",
            "    ./handover explain 15bec215 archive/2026-01-15/",
            "  One that is still open:",
            "    ./handover explain 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 topic:handover-events \\",
            "      --bootstrap-server localhost:9092 --config streams-app.properties",
            "  The same with a longer timeout:",
            "    ./handover explain 15bec215 events.ndjson.gz --set transfer.timeout.ms=20000",
            "  The reason of each end:",
            "    ./handover explain 15bec215 events.ndjson.gz --json | jq '.cycles[] | {number, reason, heldMs}'"
        })
public final class ExplainCommand implements Callable<Integer> {

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(
            index = "0",
            paramLabel = "CONVERSATION-ID",
            description =
                    "The id of the conversation, or its first " + Explainer.SHORTEST_BEGINNING + " characters or more.")
    String conversationId = "";

    @Option(names = "--json", description = "Write one JSON object instead of text.")
    boolean json;

    @Mixin
    SourceOptions sources = new SourceOptions();

    @Mixin
    PolicyOptions policy = new PolicyOptions();

    public ExplainCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        Settings settings = policy.with(Map.of());
        Explainer explainer = new Explainer(
                conversationId,
                sources.isTopic(),
                StreamsAppSettings.policy(settings),
                new EventMapper(StreamsAppSettings.customerAddress(settings)));
        if (!read(explainer)) {
            return CommandRunner.EXIT_STOPPED;
        }
        Explanation explanation = explainer.finish(changed(settings));
        out.print(json ? ExplanationJson.write(explanation) : ExplanationText.of(explanation, Ansi.AUTO));
        out.flush();
        return CommandRunner.EXIT_OK;
    }

    /** Reads the sources and says what was read. Returns false if the user stopped the command. */
    private boolean read(Explainer explainer) {
        try (PastDeliveries past = sources.open(null)) {
            boolean ended = pass(past, explainer);
            if (ended) {
                past.requireWanted();
            }
            err.println(past.summary());
            return ended;
        }
    }

    /** Passes each delivery of the sources to the explainer. Returns false if the user stopped the command. */
    private boolean pass(PastDeliveries past, Explainer explainer) {
        Progress progress = Progress.started(err, "deliveries", Progress.UNKNOWN)
                .ofAll(past::fraction)
                .at(() -> "at " + Instant.ofEpochMilli(past.time()));
        try {
            for (PastDelivery next = past.next(); next != null; next = past.next()) {
                if (stop.isRequested()) {
                    return false;
                }
                explainer.add(next, past.time());
                progress.advanced(1);
            }
            return true;
        } finally {
            progress.done();
        }
    }

    private static Map<String, String> changed(Settings settings) {
        Settings defaults = new PolicyOptions().with(Map.of());
        Map<String, String> changed = new TreeMap<>();
        for (String key : StreamsAppSettings.DECIDING) {
            String value = text(settings, key);
            if (!value.equals(text(defaults, key))) {
                changed.put(key, value);
            }
        }
        return changed;
    }

    private static String text(Settings settings, String key) {
        Object value = settings.values().get(key);
        return value instanceof Iterable ? String.join(",", settings.getList(key)) : String.valueOf(value);
    }
}
