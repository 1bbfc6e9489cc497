package io.handover.conversation;

import io.handover.schema.HandoverCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * What an event or a deadline leads to.
 *
 * @param state the next state; the same instance if nothing changed, so that nothing need be written
 * @param commands what the bot platform is to do, in order
 * @param outcome what became of the event
 */
public record Transition(ConversationState state, List<HandoverCommand> commands, Outcome outcome) {

    public Transition {
        commands = List.copyOf(commands);
    }

    /** This one's commands, then the next one's, which has its outcome from this one. */
    Transition followedBy(Transition next) {
        List<HandoverCommand> both = new ArrayList<>(commands);
        both.addAll(next.commands);
        return new Transition(next.state, both, outcome);
    }
}
