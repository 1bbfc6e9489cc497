package io.handover.history.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.EventMapper;
import io.handover.history.report.PrematureEnd.Refutation;
import io.handover.reference.Arrival;
import io.handover.reference.RunSeed;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.Delivery;
import io.handover.schema.EventType;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.traffic.Choices;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Hindsight finds a premature end exactly when an agent of the made-up history still served, whatever arrived. */
class HindsightAgainstTruthTest {

    private static final int HISTORIES = 1_000;
    private static final long BEGIN = 1_772_438_400_000L;
    private static final long RETENTION_MS = 4 * 86_400_000L;

    /** Timeouts so short, and without grace, that many handovers end too early. */
    private static final TransferPolicy HASTY = new TransferPolicy(
            2_000,
            20_000,
            0,
            true,
            true,
            TransferPolicy.AnnounceOn.START,
            RETENTION_MS,
            0,
            TransferPolicy.DEFAULT.profiles());

    private static final UnreliableDelivery DELIVERY = UnreliableDelivery.within(3_000, 60_000);

    @Test
    void shouldFindThatAnAgentStillServedExactlyWhenOneDid() {
        // Given
        int served = 0;
        int gone = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            Choices choices = Choices.seeded(RunSeed.of(seed));
            History history =
                    HistoryGenerator.generate(Tempo.HUMAN.withGaps(90_000), choices, "conversation-" + seed, BEGIN);

            // When
            Judged judged = new Judged(DELIVERY.deliver(history, choices));

            // Then
            assertThat(judged.hindsight.tally(0).neverEnded)
                    .as(history::toString)
                    .isZero();
            for (HandoverEnded end : judged.ends) {
                long decided = end.decidedAt().toEpochMilli();
                boolean isServed = !end.reason().equals("customer-end") && isServed(history, decided);
                assertThat(judged.hindsight.tally(0).premature.stream()
                                .anyMatch(premature -> premature.refutation() == Refutation.SERVED
                                        && premature.decidedAt().equals(end.decidedAt())))
                        .as(() -> history + end.toString())
                        .isEqualTo(isServed);
                served += isServed ? 1 : 0;
                gone += isServed ? 0 : 1;
            }
        }
        assertThat(served).as("agents who still served").isGreaterThan(30);
        assertThat(gone).as("agents who were gone").isGreaterThan(500);
    }

    private static boolean isServed(History history, long time) {
        return history.services().stream().anyMatch(service -> service.isAt(time) && !isDeclined(history, service));
    }

    /** An agent who declined never interacted. */
    private static boolean isDeclined(History history, History.Service service) {
        return history.events().stream()
                .anyMatch(event -> event.kind() == GenesysEvent.Kind.USER_END
                        && event.time() == service.to()
                        && service.agentId().equals(event.agentId())
                        && event.interactingMs() == 0);
    }

    /** The ends that the core decided, and the judgements of hindsight. */
    private static final class Judged implements ConversationFold.Observer {

        private final Hindsight hindsight = new Hindsight(1, 600_000);
        private final List<HandoverEnded> ends = new ArrayList<>();

        private Judged(List<Arrival> arrivals) {
            ConversationFold fold = ConversationFold.onHeap(HASTY, this);
            EventMapper mapper = new EventMapper(CustomerAddress.DEFAULT);
            for (Arrival arrival : arrivals) {
                Delivery delivery = Delivery.read(arrival.envelope());
                EventType type = Objects.requireNonNull(delivery.type());
                fold.advanceTo(arrival.at());
                fold.apply(
                        arrival.event().conversationId(),
                        mapper.event(type, delivery, arrival.at()),
                        arrival.at(),
                        arrival.at());
            }
            fold.advanceTo(Long.MAX_VALUE);
            hindsight.judgeAll();
        }

        @Override
        public void forgotten(String conversationId, ConversationState last) {
            hindsight.forgotten(conversationId, 0);
        }

        @Override
        public void applied(
                String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
            hindsight.happened(conversationId, event, transition.outcome());
            judge(conversationId, transition);
        }

        @Override
        public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
            judge(conversationId, transition);
        }

        private void judge(String conversationId, Transition transition) {
            for (HandoverCommand command : transition.commands()) {
                if (command instanceof HandoverEnded end) {
                    ends.add(end);
                    hindsight.ended(conversationId, 0, end);
                }
            }
        }
    }
}
