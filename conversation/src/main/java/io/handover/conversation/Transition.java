package io.handover.conversation;

import io.handover.schema.AgentLookup;
import io.handover.schema.HandoverCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of applying an event or a deadline.
 *
 * @param state the next state. If nothing changed, it is the same instance, and need not be written
 * @param commands the commands for the bot platform, in this order
 * @param lookups the announced agents whose profiles are unknown or old
 * @param outcome the row of the decision table that applied
 */
public record Transition(
        ConversationState state, List<HandoverCommand> commands, List<AgentLookup> lookups, Outcome outcome) {

    public Transition {
        commands = List.copyOf(commands);
        lookups = List.copyOf(lookups);
    }

    /** The transition that sends nothing. */
    public static Transition silent(ConversationState state, Outcome outcome) {
        return new Transition(state, List.of(), List.of(), outcome);
    }

    Transition as(Outcome other) {
        return new Transition(state, commands, lookups, other);
    }

    /** Joins this transition and the next one: what both send, the state of the next, the outcome of this. */
    Transition followedBy(Transition next) {
        return new Transition(next.state, joined(commands, next.commands), joined(lookups, next.lookups), outcome);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}
