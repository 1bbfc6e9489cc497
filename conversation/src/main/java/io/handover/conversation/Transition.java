package io.handover.conversation;

import io.handover.schema.HandoverCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of applying an event or a deadline.
 *
 * @param state the next state; the same instance if nothing changed, and then nothing has to be written
 * @param commands what the bot platform must do, in order
 * @param outcome the row of the decision table that applied
 */
public record Transition(ConversationState state, List<HandoverCommand> commands, Outcome outcome) {

    public Transition {
        commands = List.copyOf(commands);
    }

    /** Both transitions as one: the commands of this one, then those of the next; the outcome is that of this one. */
    Transition followedBy(Transition next) {
        List<HandoverCommand> both = new ArrayList<>(commands);
        both.addAll(next.commands);
        return new Transition(next.state, both, outcome);
    }
}
