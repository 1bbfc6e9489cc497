package io.handover.streams.conversation;

import io.handover.schema.HandoverCommand;
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
}
