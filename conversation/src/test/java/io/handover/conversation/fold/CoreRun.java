package io.handover.conversation.fold;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
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
public final class CoreRun implements ConversationFold.Observer {

    private final List<byte[]> commands = new ArrayList<>();

    private CoreRun() {}

    /** The values of the command records. */
    public static List<byte[]> commands(TransferPolicy policy, List<Arrival> arrivals, long until) {
        CoreRun run = new CoreRun();
        observe(policy, arrivals, until, run);
        return run.commands;
    }

    static void observe(TransferPolicy policy, List<Arrival> arrivals, long until, ConversationFold.Observer observer) {
        ConversationFold fold = ConversationFold.onHeap(policy, observer);
        EventMapper mapper = new EventMapper(CustomerAddress.DEFAULT);
        for (Arrival arrival : arrivals) {
            long at = arrival.at();
            Delivery delivery = Delivery.read(arrival.envelope());
            EventType type = Objects.requireNonNull(delivery.type());
            fold.advanceTo(at);
            fold.apply(arrival.event().conversationId(), mapper.event(type, delivery, at), at, at);
        }
        fold.advanceTo(until);
    }

    @Override
    public void applied(
            String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
        add(transition);
    }

    @Override
    public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
        add(transition);
    }

    private void add(Transition transition) {
        for (HandoverCommand command : transition.commands()) {
            commands.add(HandoverSerdes.commands().serializer().serialize(Topics.COMMANDS, command));
        }
    }
}
