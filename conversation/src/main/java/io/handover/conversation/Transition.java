package io.handover.conversation;

import io.handover.schema.HandoverCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of applying an event or a deadline.
 *
 * @param state the next state. If nothing changed, it is the same instance, and need not be written
 * @param commands the commands for the bot platform, in this order
 * @param outcome the row of the decision table that applied
 */
public record Transition(ConversationState state, List<HandoverCommand> commands, Outcome outcome) {

    public Transition {
        commands = List.copyOf(commands);
    }

    Transition as(Outcome other) {
        return new Transition(state, commands, other);
    }

    /** Joins this transition and the next one: the commands of both, the state of the next, the outcome of this. */
    Transition followedBy(Transition next) {
        List<HandoverCommand> both = new ArrayList<>(commands);
        both.addAll(next.commands);
        return new Transition(next.state, both, outcome);
    }
}
