package io.handover.history.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.history.live.LiveConversation.Agent;
import io.handover.history.live.LiveConversation.Flow;
import io.handover.history.live.LiveConversation.Queue;
import io.handover.history.live.LiveConversation.Recent;
import io.handover.history.words.DecisionText;
import io.handover.history.words.ShortNames;
import io.handover.history.words.TimeText;
import io.handover.history.words.WrappedText;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.schema.UnreadableRecordException;
import io.handover.terminal.DurationText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** Writes the present state of a conversation as text, in the words of {@code explain}. */
public final class LiveText {

    private static final String INDENT = " ".repeat(14);
    private static final String COMMAND = " ".repeat(10) + ">>> ";

    private final LiveConversation conversation;
    private final Instant now;
    private final ShortNames agents = ShortNames.letters();
    private final WrappedText text;

    private LiveText(LiveConversation conversation, Ansi ansi) {
        this.conversation = conversation;
        this.now = conversation.now();
        this.text = new WrappedText(ansi);
    }

    /** Writes the state, and the newest outcomes with their commands. */
    public static String of(LiveConversation conversation, Ansi ansi) {
        LiveText text = new LiveText(conversation, ansi);
        text.state();
        text.recent();
        return text.text.toString();
    }

    /** Writes the state only. */
    public static String stateOf(LiveConversation conversation, Ansi ansi) {
        LiveText text = new LiveText(conversation, ansi);
        text.state();
        return text.text.toString();
    }

    private void state() {
        text.labelled("Conversation", conversation.conversationId());
        LiveConversation.Customer customer = conversation.customer();
        text.labelled("Organisation", orUnknown(customer == null ? null : customer.organizationId()));
        text.labelled("Customer", orUnknown(customer == null ? null : customer.userId()));
        text.labelled("Now", TimeText.dateAndTime(now) + " UTC, " + place());
        text.labelled("Handover", handover());
        if (conversation.reading() != null) {
            text.labelled("Reading", DecisionText.reading(conversation.reading()));
        }
        held();
        LiveConversation.Announced announced = conversation.announced();
        if (announced != null && announced.agentId() != null) {
            text.labelled("Announced", named("agent " + idOf(announced.agentId()), announced.name()));
        }
        text.labelled("Agents", conversation.agents().stream().map(this::agent).toList());
        text.labelled("Queues", conversation.queues().stream().map(this::queue).toList());
        text.labelled("Flows", conversation.flows().stream().map(this::flow).toList());
        LiveConversation.LastEnd last = conversation.lastEnd();
        if (last != null) {
            text.labelled("Last end", time(last.time()));
        }
        if (conversation.lastEventAt() != null) {
            text.labelled("Last event", time(conversation.lastEventAt()) + ago(conversation.lastEventAt()));
        }
        if (conversation.forgottenAt() != null) {
            text.labelled("Forgotten", TimeText.dateAndTime(conversation.forgottenAt()) + ", if nothing comes");
        }
    }

    private static String orUnknown(@Nullable String id) {
        return id == null ? "unknown" : id;
    }

    private String place() {
        Instant streamTime = conversation.streamTime();
        return "partition " + conversation.partition()
                + (streamTime == null ? "" : ", stream time " + time(streamTime))
                + (conversation.answeredBy() == null ? "" : ", answered by " + conversation.answeredBy())
                + (conversation.stale() ? ", a standby: it can be behind" : "");
    }

    private String handover() {
        int cycle = conversation.cycle();
        if (!conversation.open()) {
            return cycle == 0 ? "none has begun" : "none is open; cycle " + cycle + " was the last";
        }
        Instant opened = conversation.openedAt();
        return "cycle " + cycle + ", open" + (opened == null ? "" : " since " + time(opened) + ago(opened));
    }

    private void held() {
        LiveConversation.Held held = conversation.held();
        if (held == null) {
            return;
        }
        text.labelled(
                "Held",
                DecisionText.held(held.reason(), held.deadline(), now) + " (" + left(held.deadline(), now) + ')');
        for (Evidence evidence : held.evidence()) {
            text.wrapped(
                    INDENT,
                    "because of " + evidence.topic() + " of " + time(evidence.eventTime())
                            + (evidence.disconnectType() == null ? "" : ", " + evidence.disconnectType()));
        }
    }

    /** Writes how long it is until a deadline. */
    static String left(Instant deadline, Instant now) {
        long ms = deadline.toEpochMilli() - now.toEpochMilli();
        return ms > 0 ? "in " + DurationText.of(ms) : "due";
    }

    private String agent(Agent agent) {
        String who = agent.agentId() == null ? "an agent" : named("agent " + idOf(agent.agentId()), agent.name());
        List<String> parts = new ArrayList<>();
        Instant since = agent.startedAt();
        if (isNow(agent.cycle()) && agent.leftAt() == null && since != null) {
            parts.add(DecisionText.serves(who, since, now));
        } else {
            parts.add(who);
            add(parts, "started ", since);
        }
        if (agent.leftAt() != null) {
            parts.add(orUnknown(agent.departure()) + ' ' + time(agent.leftAt()));
        }
        add(parts, "acw ", agent.wrappedUpAt());
        return inCycle(parts, agent.cycle());
    }

    private String queue(Queue queue) {
        List<String> parts = new ArrayList<>();
        if (isNow(queue.cycle()) && queue.leftAt() == null && queue.enteredAt() != null) {
            parts.add(DecisionText.waits(queue.enteredAt(), now));
        } else {
            add(parts, "entered ", queue.enteredAt());
        }
        if (queue.leftAt() != null) {
            parts.add(orUnknown(queue.exit())
                    + ' '
                    + time(queue.leftAt())
                    + (queue.answeredBy() == null ? "" : " by agent " + idOf(queue.answeredBy())));
        }
        return inCycle(parts, queue.cycle());
    }

    private String flow(Flow flow) {
        List<String> parts = new ArrayList<>();
        if (conversation.open() && flow.endedAt() == null && flow.startedAt() != null && flow.routing()) {
            parts.add(DecisionText.inFlow(flow.startedAt(), now));
        } else {
            parts.add(flow.routing() ? "a flow" : "a flow, not routing");
            add(parts, "started ", flow.startedAt());
        }
        if (flow.endedAt() != null) {
            parts.add(orUnknown(flow.exit()) + ' ' + time(flow.endedAt()));
        }
        return String.join(", ", parts);
    }

    /** Returns whether a session is of the open handover. Of an ended one, it may have no end, but nobody serves. */
    private boolean isNow(int cycle) {
        return conversation.open() && cycle == conversation.cycle();
    }

    private String inCycle(List<String> parts, int cycle) {
        return String.join(", ", parts) + (cycle == 0 || cycle == conversation.cycle() ? "" : " (cycle " + cycle + ')');
    }

    private void add(List<String> parts, String label, @Nullable Instant time) {
        if (time != null) {
            parts.add(label + time(time));
        }
    }

    /** Returns the short name of an agent; with the id, when the short name occurs for the first time. */
    private String idOf(String id) {
        int before = agents.legend().size();
        String name = agents.of(id);
        return agents.legend().size() == before ? name : name + " = " + id;
    }

    private static String named(String agent, @Nullable String name) {
        return name == null ? agent : agent + " (" + name + ')';
    }

    private String time(Instant time) {
        return TimeText.time(time, now);
    }

    private String ago(Instant time) {
        return " (" + DurationText.of(Math.max(0, now.toEpochMilli() - time.toEpochMilli())) + " ago)";
    }

    private void recent() {
        text.line("");
        text.heading("Outcomes"
                + (conversation.recentSince() == null
                        ? ""
                        : " since " + TimeText.dateAndTime(conversation.recentSince())));
        if (conversation.recent().isEmpty()) {
            text.line("none");
        }
        for (Recent step : conversation.recent()) {
            Instant happened = step.eventTime();
            text.wrapped(
                    TimeText.time(step.at()) + "  ",
                    (step.topic() == null ? DecisionText.cause(step.outcome()) : step.topic())
                            + (happened == null || happened.equals(step.at()) ? "" : ", happened " + time(happened)),
                    Style.bold);
            text.wrapped(INDENT, DecisionText.row(step.outcome()));
            step.commands().forEach(this::command);
        }
    }

    private void command(JsonNode json) {
        HandoverCommand command = commandOf(json);
        text.wrapped(
                COMMAND,
                command == null ? json.path("type").asText("a command") : DecisionText.command(command, agents),
                Style.bold,
                command instanceof HandoverEnded ? Style.fg_magenta : Style.fg_green);
    }

    /** Returns the command; null if this release does not know it. */
    static @Nullable HandoverCommand commandOf(JsonNode json) {
        try {
            return HandoverSerdes.commands()
                    .deserializer()
                    .deserialize(Topics.COMMANDS, json.toString().getBytes(StandardCharsets.UTF_8));
        } catch (UnreadableRecordException e) {
            return null;
        }
    }
}
