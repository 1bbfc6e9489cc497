package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.Outcome;
import io.handover.conversation.Transition;
import io.handover.reference.Arrival;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.Delivery;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.OperatorOrder;
import io.handover.schema.OperatorOrder.Action;
import io.handover.schema.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Random histories in which an operator orders something between any two deliveries, each order up to twice. */
class OperatorOrderHistoriesTest {

    private static final UnreliableDelivery MINUTES_LATE =
            UnreliableDelivery.within(300_000, 3 * 86_400_000L).losing(10);

    @Provide
    Arbitrary<Trial> histories() {
        return Trial.arbitrary(MINUTES_LATE);
    }

    @Property(seed = "5")
    void shouldEndEachHandoverOnceAndDecideTheSameAgain(@ForAll("histories") Trial trial, @ForAll long seed) {
        // When
        Run first = new Run(trial, new Random(seed));
        Run second = new Run(trial, new Random(seed));

        // Then
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(first.ends).extracting(HandoverEnded::cycle).doesNotHaveDuplicates();
        assertThat(first.ends)
                .allSatisfy(end -> assertThat(isOrdered(end))
                        .as("evidence of the order in %s", end)
                        .isEqualTo(first.ordered.contains(end.id())));
        assertThat(first.obeyedTwice).isEmpty();
    }

    private static boolean isOrdered(HandoverEnded end) {
        List<Evidence> evidence = end.evidence();
        boolean isOrdered =
                !evidence.isEmpty() && evidence.get(evidence.size() - 1).topic().equals(OperatorOrder.TOPIC);
        assertThat(end.reason().equals(EndReason.OPERATOR.label())).isIn(false, isOrdered);
        return isOrdered;
    }

    /** One run of the core. */
    private static final class Run implements ConversationFold.Observer {

        private final List<HandoverCommand> commands = new ArrayList<>();
        private final List<HandoverEnded> ends = new ArrayList<>();

        /** The ids of the commands that an order led to. */
        private final List<String> ordered = new ArrayList<>();

        private final List<OperatorOrder> obeyedTwice = new ArrayList<>();
        private final Random random;
        private final ConversationFold fold;
        private int cycle = 1;
        private @Nullable OperatorOrder last;
        private boolean isRepeated;

        Run(Trial trial, Random random) {
            this.random = random;
            this.fold = ConversationFold.onHeap(trial.policy(), this);
            EventMapper mapper = new EventMapper(CustomerAddress.DEFAULT);
            for (Arrival arrival : trial.arrivals()) {
                long at = arrival.at();
                String conversationId = arrival.event().conversationId();
                Delivery delivery = Delivery.read(arrival.envelope());
                fold.advanceTo(at);
                fold.apply(conversationId, mapper.event(Objects.requireNonNull(delivery.type()), delivery, at), at, at);
                if (random.nextInt(4) == 0) {
                    order(conversationId, at);
                }
            }
            fold.advanceTo(trial.until());
        }

        private void order(String conversationId, long at) {
            last = new OperatorOrder(
                    new UUID(random.nextLong(), random.nextLong()),
                    conversationId,
                    Math.max(1, cycle - random.nextInt(2)),
                    random.nextBoolean() ? Action.END : Action.RELEASE,
                    "ada",
                    "test",
                    Instant.EPOCH);
            fold.apply(conversationId, EventMapper.event(last, at), at, at);
            if (random.nextBoolean()) {
                isRepeated = true;
                fold.apply(conversationId, EventMapper.event(last, at), at, at);
                isRepeated = false;
            }
        }

        List<String> json() {
            return commands.stream()
                    .map(command -> new String(
                            HandoverSerdes.commands().serializer().serialize(Topics.COMMANDS, command),
                            StandardCharsets.UTF_8))
                    .toList();
        }

        @Override
        public void applied(
                String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
            Outcome outcome = transition.outcome();
            boolean isObeyed = outcome == Outcome.OPERATOR_ENDED || outcome == Outcome.OPERATOR_RELEASED;
            if (isObeyed && isRepeated) {
                obeyedTwice.add(Objects.requireNonNull(last));
            }
            if (isObeyed) {
                transition.commands().forEach(command -> ordered.add(command.id()));
            }
            add(transition);
        }

        @Override
        public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
            add(transition);
        }

        private void add(Transition transition) {
            cycle = transition.state().cycle().number();
            for (HandoverCommand command : transition.commands()) {
                commands.add(command);
                if (command instanceof HandoverEnded end) {
                    ends.add(end);
                }
            }
        }
    }
}
