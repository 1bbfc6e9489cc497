package io.handover.history.explain;

import io.handover.conversation.Outcome;
import io.handover.history.explain.Explanation.Cycle;
import io.handover.history.explain.Explanation.End;
import io.handover.history.explain.Explanation.Standing;
import io.handover.history.explain.Step.Arrived;
import io.handover.history.explain.Step.DeadlinePassed;
import io.handover.history.explain.Step.Hold;
import io.handover.history.explain.Step.HoldChange;
import io.handover.history.explain.Step.Overtaking;
import io.handover.history.explain.Step.Words;
import io.handover.schema.AgentUpdated;
import io.handover.schema.HandoverCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happened to a conversation, in a sentence each. */
final class StepWords {

    /** Less than this every delivery is late; EventBridge itself states whole seconds. */
    private static final long WORTH_TELLING_MS = 2_000;

    private final boolean ticked;
    private final ShortNames agents = ShortNames.letters();
    private final ShortNames queues = ShortNames.numbers();

    /** @param ticked whether it is worth telling when a deadline was noticed */
    StepWords(boolean ticked) {
        this.ticked = ticked;
    }

    /** Which agent each letter stands for; empty if none does. */
    List<String> agents() {
        return agents.legend();
    }

    /** Which queue each number stands for; empty if none does. */
    List<String> queues() {
        return queues.legend();
    }

    /** What made it happen. */
    String cause(Step step) {
        if (step.cause() instanceof Arrived arrived) {
            return event(arrived);
        }
        if (step.cause() instanceof DeadlinePassed passed) {
            return "deadline of " + end(passed.reason()) + ", held since " + Wording.time(passed.since(), step.time());
        }
        return "the retention is over: everything known of the conversation is forgotten";
    }

    private String event(Arrived arrived) {
        Words words = arrived.words();
        List<String> parts = new ArrayList<>();
        if (words.acdOutcome() != null) {
            parts.add(words.acdOutcome() + (words.agentId() == null ? "" : " by agent " + agents.of(words.agentId())));
        } else {
            add(parts, "", words.disconnectType());
            add(parts, "agent ", words.agentId() == null ? null : agents.of(words.agentId()));
        }
        add(parts, "queue ", words.queueId() == null ? null : queues.of(words.queueId()));
        add(parts, "interacting ", words.interactingMs());
        add(parts, "alerting ", words.alertingMs());
        add(parts, "on hold or calling ", words.otherMs());
        add(parts, "archive replay ", words.replayName());
        if (words.dataAction()) {
            parts.add("old data action");
        }
        String said = String.format(Locale.ROOT, "%-14s  %s", arrived.topic(), String.join(", ", parts));
        return said.stripTrailing() + "  [" + shortName(arrived.source()) + ':' + arrived.number() + ']';
    }

    private static void add(List<String> parts, String label, @Nullable String value) {
        if (value != null) {
            parts.add(label + value);
        }
    }

    private static void add(List<String> parts, String label, long ms) {
        if (ms > 0) {
            parts.add(label + Wording.duration(ms));
        }
    }

    private static String shortName(String source) {
        return source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
    }

    /** What was not as it should be: late, out of order. */
    List<String> caveats(Step step) {
        List<String> caveats = new ArrayList<>();
        if (step.cause() instanceof Arrived arrived) {
            if (arrived.sameAs() == null && Math.abs(arrived.lateMs()) > WORTH_TELLING_MS) {
                caveats.add(late(arrived, step.time()));
            }
            Overtaking by = arrived.overtakenBy();
            if (by != null) {
                long ms = by.eventTime().toEpochMilli() - arrived.eventTime().toEpochMilli();
                caveats.add("out of order: happened " + Wording.duration(ms) + " before " + by.topic() + " of "
                        + Wording.time(by.eventTime(), step.time()));
            }
        }
        if (ticked && step.cause() instanceof DeadlinePassed passed && passed.noticedMs() > WORTH_TELLING_MS) {
            caveats.add("noticed with the next record of its partition, " + Wording.duration(passed.noticedMs())
                    + " later");
        }
        return caveats;
    }

    private static String late(Arrived arrived, Instant near) {
        String happened = "happened " + Wording.time(arrived.eventTime(), near) + ", ";
        return arrived.lateMs() >= 0
                ? happened + Wording.duration(arrived.lateMs()) + " before it arrived"
                : happened + Wording.duration(-arrived.lateMs()) + " after it arrived: a clock is wrong";
    }

    /** What the decision table made of it. */
    static String row(Step step, Outcome outcome) {
        Instant sameAs = step.cause() instanceof Arrived arrived ? arrived.sameAs() : null;
        return row(outcome) + (sameAs == null ? "" : ", at " + Wording.time(sameAs, step.time()));
    }

    static String row(Outcome outcome) {
        return "row " + outcome.row() + ' ' + outcome.label() + ": " + RowMeaning.of(outcome);
    }

    /** What changed for the conversation. */
    static List<String> changes(Step step) {
        if (step.cause() instanceof Step.Forgotten) {
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
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private static String hold(HoldChange change, Instant near) {
        Hold hold = change.hold();
        String was = change.was() == null
                ? ""
                : ", instead of " + change.was().reason() + " until "
                        + Wording.time(change.was().deadline(), near);
        return switch (change.kind()) {
            case HELD, REPLACED -> "holds " + until(hold, near) + lasting(hold, near) + was;
            case MOVED -> "goes on holding " + until(hold, near) + lasting(hold, near);
            case DROPPED -> "no longer holds " + until(hold, near);
        };
    }

    private static String until(Hold hold, Instant near) {
        return end(hold.reason()) + " until " + Wording.time(hold.deadline(), near);
    }

    private static String lasting(Hold hold, Instant from) {
        return " (" + Wording.duration(hold.deadline().toEpochMilli() - from.toEpochMilli())
                + (hold.putOff() ? ", as a transfer or a decline is recent)" : ")");
    }

    private static String end(String reason) {
        return "handover-ended (" + reason + ')';
    }

    /** What the bot platform is told. */
    String command(HandoverCommand command) {
        String told = "(" + command.reason() + ')';
        if (command instanceof AgentUpdated updated) {
            String id = updated.agent().id();
            String name = agents.of(id);
            told = "agent " + (name.equals(id) ? id : name + " = " + id) + ' ' + told;
        }
        return command.type() + ' ' + told + ", cycle " + command.cycle();
    }

    /** How a handover went, or why it is still open. */
    String cycle(Cycle cycle) {
        String began = Wording.date(cycle.began()) + ' ' + Wording.time(cycle.began());
        End end = cycle.end();
        if (end == null) {
            return began + ", open: "
                    + cycle.standing().stream()
                            .map(standing -> standing(standing, Wording.time(standing.since(), cycle.began())))
                            .collect(Collectors.joining("; "));
        }
        long lastedMs = end.decidedAt().toEpochMilli() - cycle.began().toEpochMilli();
        return began + " to " + Wording.time(end.decidedAt(), cycle.began()) + " (" + Wording.duration(lastedMs) + "), "
                + end.reason()
                + (end.heldMs() == 0 ? ", at once" : ", held for " + Wording.duration(end.heldMs()))
                + (end.afterLog() ? ", if nothing else comes" : "");
    }

    private String standing(Standing standing, String since) {
        return switch (standing.kind()) {
            case SERVED ->
                (standing.agentId() == null ? "an agent" : "agent " + agents.of(standing.agentId())) + " serves since "
                        + since;
            case QUEUED -> "it waits in a queue since " + since;
            case OPEN -> "since " + since + " nobody serves, nothing waits and no end is held";
            case FORGOTTEN -> "forgotten without an end at " + since;
        };
    }
}
