package io.handover.history.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.conversation.Outcome;
import io.handover.conversation.fold.EventMapper;
import io.handover.history.live.LiveConversation;
import io.handover.history.live.LiveText;
import io.handover.history.live.ManagementOptions;
import io.handover.history.options.PolicyOptions;
import io.handover.history.options.SourceOptions;
import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import io.handover.history.words.TimeText;
import io.handover.service.Settings;
import io.handover.service.StreamsAppSettings;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.PrintableText;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code ./handover explain}. */
@Command(
        name = "explain",
        description = {
            "Shows what happened to a conversation, and why: each event as it arrived, the row of the decision table that"
                    + " applied, which ends were held and until when, and each command. Nothing is sent or changed.",
            "",
            "The decisions are those of streams-app, in virtual time. Other conversations move the stream time too, so give"
                    + " the whole log. In files, a deadline fires with the next delivery. In a topic, it fires with the next"
                    + " record, as in streams-app; the text shows by how much that was late.",
            "",
            "With --live, the source is the running installation: its present state, from the management port of"
                    + " streams-app, and the partition of the conversation from the first event that the state knows."
                    + " A profile of an agent that arrived before is not read, so a later one can be shown as a change.",
            "",
            "The settings are those of streams-app: from the file, and from the variables HANDOVER_* of the environment."
        },
        customSynopsis = {
            "./handover explain CONVERSATION-ID SOURCE... [OPTIONS]",
            "       ./handover explain CONVERSATION-ID --live [OPTIONS]"
        },
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the conversation is explained",
            "1:there is no such conversation, or the sources have no wanted delivery or cannot be read,"
                    + " or streams-app does not answer",
            "2:wrong usage",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nJSON, with times in UTC, durations in ms, and without unknown fields:%n",
        footer = {
            "  conversationId, organizationId, customerId, settings (those that differ from their defaults),",
            "  events (how many), logEnd, steps, cycles, live (with --live: as conversations show --json)",
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
            "  One of a running installation:",
            "    export HANDOVER_MANAGEMENT_URL=http://localhost:8082",
            "    export HANDOVER_MANAGEMENT_TOKEN=$(cat token)",
            "    export HANDOVER_KAFKA_BOOTSTRAP_SERVERS=localhost:9092",
            "    ./handover explain 15bec215-8a3c-3a53-b0e5-0f9d83b7a2c1 --live",
            "  One of a whole topic:",
            "    ./handover explain 15bec215 topic:handover-events --bootstrap-server localhost:9092 \\",
            "      --config streams-app.properties",
            "  The same with a longer timeout:",
            "    ./handover explain 15bec215 events.ndjson.gz --set transfer.timeout.ms=20000",
            "  The reason of each end:",
            "    ./handover explain 15bec215 events.ndjson.gz --json | jq '.cycles[] | {number, reason, heldMs}'"
        })
public final class ExplainCommand implements Callable<Integer> {

    /** The clocks of Genesys and of the brokers may differ by this much. */
    private static final Duration MARGIN = Duration.ofMinutes(10);

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;
    private final Map<String, String> environment;

    @Mixin
    HelpOption help = new HelpOption();

    @Parameters(
            index = "0",
            paramLabel = "CONVERSATION-ID",
            description =
                    "The id of the conversation, or its first " + Explainer.SHORTEST_BEGINNING + " characters or more.")
    String conversationId = "";

    @Option(
            names = "--live",
            description = "Explain a conversation of the running installation; the whole id is needed.")
    boolean live;

    @Option(names = "--json", description = "Write one JSON object instead of text.")
    boolean json;

    @Mixin
    SourceOptions sources = new SourceOptions();

    @Mixin
    PolicyOptions policy = new PolicyOptions();

    @Mixin
    ManagementOptions management = new ManagementOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    /** @param environment the variables of the environment */
    public ExplainCommand(PrintStream out, PrintStream err, StopSignal stop, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.stop = stop;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        if (live != sources.sources.isEmpty()) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "spec").commandLine(),
                    live
                            ? "--live and a SOURCE exclude each other"
                            : "Missing required parameter: 'SOURCE', or --live");
        }
        Settings settings = policy.ofInstallation(environment, sources.kafka, live || sources.isTopic());
        if (live) {
            return explainLive(settings);
        }
        Explainer explainer = explainer(settings);
        if (!read(explainer, sources.openWith(settings))) {
            return CommandRunner.EXIT_STOPPED;
        }
        return print(explainer.finish(changed(settings)), null);
    }

    /** Shows the present state at once, and then reads what led to it from the partition of the conversation. */
    private int explainLive(Settings settings) {
        JsonNode answer = management.open(environment).requireConversation(conversationId);
        LiveConversation state = LiveConversation.of(answer);
        if (!json) {
            out.println(LiveText.stateOf(state, Ansi.AUTO));
            out.flush();
        }
        Instant first = state.earliest().minus(MARGIN);
        Explainer explainer = explainer(settings);
        if (!read(explainer, sources.openPartition(settings, state.partition(), first))) {
            return CommandRunner.EXIT_STOPPED;
        }
        if (sources.from == null && !explainer.hasReached(state.cycle())) {
            err.println("The state no longer knows the first handover; reading the whole partition.");
            explainer = explainer(settings);
            if (!read(explainer, sources.openPartition(settings, state.partition(), null))) {
                return CommandRunner.EXIT_STOPPED;
            }
            if (!explainer.hasReached(state.cycle())) {
                err.println("The topic no longer has the first events of the conversation: its handovers are counted"
                        + " from the first event that is left.");
            }
        }
        Explanation explanation = explainer.finish(changed(settings));
        if (sources.from == null && sources.to == null) {
            warnIfDecidedOtherwise(state, explanation);
        }
        return print(explanation, answer);
    }

    /** Compares with what the instance remembers of its decisions: without its settings, the explanation is wrong. */
    private void warnIfDecidedOtherwise(LiveConversation state, Explanation explanation) {
        state.recent().stream()
                .filter(recent -> explanation.steps().stream().noneMatch(step -> isSame(step, recent)))
                .findFirst()
                .ifPresent(recent -> err.println(PrintableText.of("streams-app decided otherwise: " + recent.outcome()
                        + " at " + TimeText.dateAndTime(recent.at()) + ". Give its settings with --config or in the"
                        + " environment. If they are given, an earlier profile of an agent was not read.")));
    }

    private static boolean isSame(Step step, LiveConversation.Recent recent) {
        Outcome outcome = step.outcome();
        return step.time().equals(recent.at())
                && outcome != null
                && outcome.label().equals(recent.outcome());
    }

    private Explainer explainer(Settings settings) {
        return new Explainer(
                conversationId,
                live || sources.isTopic(),
                StreamsAppSettings.policy(settings),
                new EventMapper(StreamsAppSettings.customerAddress(settings)));
    }

    private int print(Explanation explanation, @Nullable JsonNode answer) {
        out.print(json ? ExplanationJson.write(explanation, answer) : ExplanationText.of(explanation, Ansi.AUTO));
        out.flush();
        return CommandRunner.EXIT_OK;
    }

    /** Reads the sources and says what was read. Returns false if the user stopped the command. */
    private boolean read(Explainer explainer, PastDeliveries opened) {
        try (PastDeliveries past = opened) {
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
