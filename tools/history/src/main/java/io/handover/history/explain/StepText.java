package io.handover.history.explain;

import io.handover.conversation.EndReason;
import io.handover.conversation.Outcome;
import io.handover.history.explain.Explanation.End;
import io.handover.history.explain.Explanation.Handover;
import io.handover.history.explain.Explanation.OpenReason;
import io.handover.history.explain.Step.Arrival;
import io.handover.history.explain.Step.DeadlineFiring;
import io.handover.history.explain.Step.EventFields;
import io.handover.history.explain.Step.Hold;
import io.handover.history.explain.Step.HoldChange;
import io.handover.history.explain.Step.LaterEvent;
import io.handover.history.explain.Step.Order;
import io.handover.history.explain.Step.ProfileArrival;
import io.handover.history.words.DecisionText;
import io.handover.history.words.ShortNames;
import io.handover.history.words.TimeText;
import io.handover.schema.HandoverCommand;
import io.handover.terminal.DurationText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the sentences about the steps and handovers of a conversation. */
final class StepText {

    /** Delays up to this are not shown. Every delivery is a little late, and EventBridge's times are whole seconds. */
    private static final long SHOWN_FROM_MS = 2_000;

    private final boolean ticked;
    private final ShortNames agents = ShortNames.letters();
    private final ShortNames queues = ShortNames.numbers();

    /** @param ticked see {@link Explanation#ticked()} */
    StepText(boolean ticked) {
        this.ticked = ticked;
    }

    /** Returns the legend of the agents: the id of each letter that the sentences use. */
    List<String> agents() {
        return agents.legend();
    }

    /** Returns the legend of the queues: the id of each number that the sentences use. */
    List<String> queues() {
        return queues.legend();
    }

    /** Writes the event, the deadline or the end of the retention that caused a step. */
    String cause(Step step) {
        if (step.cause() instanceof Arrival arrival) {
            return event(arrival);
        }
        if (step.cause() instanceof ProfileArrival profile) {
            return "agent profile   agent " + agents.of(profile.agentId()) + (profile.known() ? "" : ", unknown");
        }
        if (step.cause() instanceof DeadlineFiring firing) {
            return "deadline of " + DecisionText.end(firing.reason()) + ", held since "
                    + TimeText.time(firing.since(), step.time());
        }
        return "the retention is over: everything known of the conversation is forgotten";
    }

    private String event(Arrival arrival) {
        EventFields fields = arrival.fields();
        List<String> parts = new ArrayList<>();
        if (fields.acdOutcome() != null) {
            parts.add(
                    fields.acdOutcome() + (fields.agentId() == null ? "" : " by agent " + agents.of(fields.agentId())));
        } else {
            add(parts, "", fields.disconnectType());
            add(parts, "agent ", fields.agentId() == null ? null : agents.of(fields.agentId()));
        }
        add(parts, "", fields.flowType());
        add(parts, "", fields.exitReason());
        add(parts, "queue ", fields.queueId() == null ? null : queues.of(fields.queueId()));
        add(parts, "interacting ", fields.interactingMs());
        add(parts, "alerting ", fields.alertingMs());
        add(parts, "on hold or calling ", fields.otherMs());
        add(parts, "archive replay ", fields.replayName());
        if (fields.dataAction()) {
            parts.add("old data action");
        }
        if (fields.order() != null) {
            Order order = fields.order();
            parts.add(order.action() + " by " + order.operator() + ": " + order.reason());
        }
        String said = String.format(Locale.ROOT, "%-14s  %s", arrival.topic(), String.join(", ", parts));
        return said.stripTrailing() + "  [" + shortName(arrival.source()) + ':' + arrival.number() + ']';
    }

    private static void add(List<String> parts, String label, @Nullable String value) {
        if (value != null) {
            parts.add(label + value);
        }
    }

    private static void add(List<String> parts, String label, long ms) {
        if (ms > 0) {
            parts.add(label + DurationText.brief(ms));
        }
    }

    private static String shortName(String source) {
        return source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
    }

    /** Writes a sentence for each delay, and one if the event is out of order. */
    List<String> caveats(Step step) {
        List<String> caveats = new ArrayList<>();
        if (step.cause() instanceof Arrival arrival) {
            if (arrival.sameAs() == null && Math.abs(arrival.lateMs()) > SHOWN_FROM_MS) {
                caveats.add(late(arrival, step.time()));
            }
            LaterEvent by = arrival.overtakenBy();
            if (by != null) {
                long ms = by.eventTime().toEpochMilli() - arrival.eventTime().toEpochMilli();
                caveats.add("out of order: happened " + DurationText.brief(ms) + " before " + by.topic() + " of "
                        + TimeText.time(by.eventTime(), step.time()));
            }
        }
        if (ticked && step.cause() instanceof DeadlineFiring firing && firing.noticedMs() > SHOWN_FROM_MS) {
            caveats.add("noticed with the next record of its partition, " + DurationText.brief(firing.noticedMs())
                    + " later");
        }
        return caveats;
    }

    private static String late(Arrival arrival, Instant near) {
        String happened = "happened " + TimeText.time(arrival.eventTime(), near) + ", ";
        return arrival.lateMs() >= 0
                ? happened + DurationText.brief(arrival.lateMs()) + " before it arrived"
                : happened + DurationText.brief(-arrival.lateMs()) + " after it arrived: a clock is wrong";
    }

    /** Writes the row of the decision table that applied. For a duplicate, adds when the first copy arrived. */
    static String row(Step step, Outcome outcome) {
        Instant sameAs = step.cause() instanceof Arrival arrival ? arrival.sameAs() : null;
        return DecisionText.row(outcome)
                + (sameAs == null ? "" : "; first arrived at " + TimeText.time(sameAs, step.time()));
    }

    /** Writes the change of the phase and the change of the hold, if there are any. */
    static List<String> changes(Step step) {
        if (step.cause() instanceof Step.RetentionEnd && step.outcome() == null) {
            return List.of();
        }
        List<String> changes = new ArrayList<>();
        boolean nextCycle = step.after().cycle() != step.before().cycle();
        if (nextCycle || step.after().phase() != step.before().phase()) {
            changes.add(
                    label(step.before().phase()) + " -> " + label(step.after().phase())
                            + (nextCycle ? " in cycle " + step.after().cycle() : ""));
        }
        if (step.hold() != null) {
            changes.add(hold(step.hold(), step.time()));
        }
        return changes;
    }

    private static String label(Enum<?> phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String hold(HoldChange change, Instant near) {
        Hold hold = change.hold();
        String was = change.was() == null
                ? ""
                : ", instead of " + change.was().reason() + " until "
                        + TimeText.time(change.was().deadline(), near);
        return switch (change.kind()) {
            case HELD, REPLACED -> "holds " + until(hold, near) + lasting(hold, near) + was;
            case MOVED -> "keeps holding " + until(hold, near) + lasting(hold, near);
            case DROPPED -> "no longer holds " + until(hold, near);
        };
    }

    private static String until(Hold hold, Instant near) {
        return DecisionText.held(hold.reason(), hold.deadline(), near);
    }

    private static String lasting(Hold hold, Instant from) {
        return " (" + DurationText.brief(hold.deadline().toEpochMilli() - from.toEpochMilli())
                + (hold.putOff() ? ", as a transfer or a decline is recent)" : ")");
    }

    /** Writes a command in one sentence. */
    String command(HandoverCommand command) {
        return DecisionText.command(command, agents);
    }

    /** Writes the beginning and the end of a handover, or the reasons why it has no end. */
    String handover(Handover handover) {
        String began = TimeText.dateAndTime(handover.began());
        End end = handover.end();
        if (end == null) {
            return began + ", open: "
                    + handover.openReasons().stream()
                            .map(reason -> openReason(reason, handover.began()))
                            .collect(Collectors.joining("; "))
                    + (handover.expires() == null
                            ? ""
                            : "; ends as expired at " + TimeText.time(handover.expires(), handover.began())
                                    + " if nothing comes");
        }
        long lastedMs = end.decidedAt().toEpochMilli() - handover.began().toEpochMilli();
        return began + " to " + TimeText.time(end.decidedAt(), handover.began()) + " (" + DurationText.brief(lastedMs)
                + "), "
                + end.reason()
                + held(end)
                + (end.afterLog() ? ", if nothing else comes" : "");
    }

    private static String held(End end) {
        if (end.reason().equals(EndReason.EXPIRED.label())) {
            return ", after " + DurationText.brief(end.heldMs()) + " without an event";
        }
        return end.heldMs() == 0 ? ", at once" : ", held for " + DurationText.brief(end.heldMs());
    }

    private String openReason(OpenReason reason, Instant near) {
        Instant at = reason.since();
        String since = TimeText.time(at, near);
        return switch (reason.kind()) {
            case SERVED -> DecisionText.serves(agent(reason), at, near);
            case JOINED -> agent(reason) + " joined at " + since + ", and is not announced";
            case QUEUED -> DecisionText.waits(at, near);
            case IN_FLOW -> DecisionText.inFlow(at, near);
            case OPEN -> "since " + since + " no agent, queue or flow has it, and no end is held";
            case FORGOTTEN -> "forgotten without an end at " + since;
        };
    }

    private String agent(OpenReason reason) {
        return reason.agentId() == null ? "an agent" : "agent " + agents.of(reason.agentId());
    }
}
