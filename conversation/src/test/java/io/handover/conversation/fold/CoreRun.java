package io.handover.conversation.fold;

import io.handover.conversation.ConversationState;
import io.handover.conversation.ConversationStateMachine;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.reference.Arrival;
import io.handover.schema.Delivery;
import io.handover.schema.EventType;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs the core on the deliveries of one conversation, without the topology. */
public final class CoreRun {

    private final ConversationStateMachine machine;
    private final EventMapper mapper = new EventMapper(CustomerAddress.DEFAULT);
    private final List<byte[]> commands = new ArrayList<>();
    private ConversationState state = ConversationState.NEW;

    private CoreRun(TransferPolicy policy) {
        machine = new ConversationStateMachine(policy);
    }

    /** The values of the command records. */
    public static List<byte[]> commands(TransferPolicy policy, List<Arrival> arrivals, long until) {
        CoreRun run = new CoreRun(policy);
        for (Arrival arrival : arrivals) {
            run.apply(arrival);
        }
        run.passUntil(arrivals.isEmpty() ? "" : arrivals.get(0).event().conversationId(), until);
        return run.commands;
    }

    private void apply(Arrival arrival) {
        String conversation = arrival.event().conversationId();
        Delivery delivery = Delivery.read(arrival.envelope());
        EventType type = Objects.requireNonNull(delivery.type());
        passUntil(conversation, arrival.at());
        keep(machine.apply(conversation, state, mapper.event(type, delivery, arrival.at()), arrival.at()));
    }

    private void passUntil(String conversation, long time) {
        while (state.pending() != null && state.pending().deadline() <= time) {
            keep(machine.fire(conversation, state, time));
        }
    }

    private void keep(Transition transition) {
        state = transition.state();
        for (HandoverCommand command : transition.commands()) {
            commands.add(HandoverSerdes.commands().serializer().serialize(Topics.COMMANDS, command));
        }
    }
}
