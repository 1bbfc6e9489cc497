package io.handover.history.words;

import io.handover.conversation.Outcome;
import io.handover.conversation.Reading;
import io.handover.schema.AgentUpdated;
import io.handover.schema.HandoverCommand;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Writes decisions in the words of the decision table. */
public final class DecisionText {

    private DecisionText() {}

    /** Writes a row of the decision table. */
    public static String row(Outcome outcome) {
        return "row " + outcome.row() + ' ' + outcome.label() + ": " + outcome.when() + ": " + outcome.then();
    }

    /** Writes the row with this label. A label of another version of Handover is written as it is. */
    public static String row(String outcome) {
        return find(outcome).map(DecisionText::row).orElse(outcome);
    }

    /** Writes what the row with this label is about, for example a deadline. */
    public static String cause(String outcome) {
        return find(outcome).map(Outcome::event).orElse("unknown");
    }

    private static Optional<Outcome> find(String label) {
        return Arrays.stream(Outcome.values())
                .filter(row -> row.label().equals(label))
                .findFirst();
    }

    /** Writes what a reading says. A label of another version of Handover is written as it is. */
    public static String reading(String label) {
        return Arrays.stream(Reading.Row.values())
                .filter(row -> label(row).equals(label))
                .findFirst()
                .map(row -> label + ": " + row.when())
                .orElse(label);
    }

    /** Returns the label of an enum constant: lower case, with hyphens. */
    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Writes the end of a handover with its reason. */
    public static String end(String reason) {
        return "handover-ended (" + reason + ')';
    }

    /** Writes an end that is held. */
    public static String held(String reason, Instant deadline, Instant near) {
        return end(reason) + " until " + TimeText.time(deadline, near);
    }

    /** Writes a command in one sentence. */
    public static String command(HandoverCommand command, ShortNames agents) {
        String details = "(" + command.reason() + ')';
        if (command instanceof AgentUpdated updated) {
            String id = updated.agent().id();
            String name = agents.of(id);
            details = "agent " + (name.equals(id) ? id : name + " = " + id) + ' ' + details;
        }
        return command.type() + ' ' + details + ", cycle " + command.cycle();
    }

    /** Writes who serves. */
    public static String serves(String agent, Instant since, Instant near) {
        return agent + " serves since " + TimeText.time(since, near);
    }

    /** Writes that the conversation waits in a queue. */
    public static String waits(Instant since, Instant near) {
        return "it waits in a queue since " + TimeText.time(since, near);
    }

    /** Writes that a routing flow has the conversation. */
    public static String inFlow(Instant since, Instant near) {
        return "a flow has it since " + TimeText.time(since, near);
    }
}
