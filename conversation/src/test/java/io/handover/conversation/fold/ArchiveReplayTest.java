package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.TransferPolicy;
import io.handover.reference.ArchiveReplay;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Invariants;
import io.handover.reference.Rules;
import io.handover.reference.UnreliableDelivery;
import io.handover.traffic.Choices;
import io.handover.traffic.Flow;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

/**
 * Random histories with lost deliveries, and an archive replay of all deliveries hours to days later. The replay
 * repeats no command, and adds those that the lost deliveries lead to.
 */
class ArchiveReplayTest {

    private static final int MOST_CHOICES = 400;
    private static final int HOUR_MS = 3_600_000;

    /** An event that is sent again must be younger than the retention, or it is ignored as too old. */
    private static final int MOST_HOURS_LATER = 90;

    private static final UnreliableDelivery WITHIN_GRACE = UnreliableDelivery.within(Rules.DEFAULT.graceMs() - 1, 0);

    /** The deliveries that were lost at first. */
    private enum Loss {
        NOTHING,
        ONE_IN_SIX,
        TEN_MINUTES,
        EVERYTHING
    }

    /** The milliseconds per replayed minute: far shorter than the grace, within it, and far longer. */
    private static final List<Integer> PACES = List.of(1, 1_000, 10_000);

    /**
     * A conversation and its deliveries.
     *
     * @param replayAt when the replay begins
     */
    private record Trial(History history, List<Arrival> live, List<Arrival> replay, long replayAt) {

        static Trial of(Loss loss, Choices choices) {
            History history = HistoryGenerator.generate(
                    Tempo.HUMAN, choices, "conversation-1", io.handover.conversation.fold.Trial.START);
            List<Arrival> published = WITHIN_GRACE.deliver(history, choices);
            long replayAt = history.end() + (1L + choices.below(MOST_HOURS_LATER)) * HOUR_MS;
            ArchiveReplay replay = new ArchiveReplay("make-up", choices.oneOf(PACES));
            return new Trial(
                    history,
                    delivered(loss, published, choices),
                    replay.deliver(published, replayAt, choices),
                    replayAt);
        }

        private static List<Arrival> delivered(Loss loss, List<Arrival> published, Choices choices) {
            return switch (loss) {
                case NOTHING -> published;
                case ONE_IN_SIX ->
                    published.stream().filter(arrival -> !choices.oneIn(6)).toList();
                case TEN_MINUTES -> {
                    long from = choices.oneOf(published).at();
                    yield published.stream()
                            .filter(arrival -> arrival.at() < from || arrival.at() > from + 600_000)
                            .toList();
                }
                case EVERYTHING -> List.of();
            };
        }

        List<Arrival> arrivals() {
            List<Arrival> arrivals = new ArrayList<>(live);
            arrivals.addAll(replay);
            return arrivals;
        }

        List<Command> commands() {
            return CoreRun.commands(TransferPolicy.DEFAULT, arrivals(), replayAt + 24L * HOUR_MS).stream()
                    .map(Command::read)
                    .toList();
        }

        @Override
        public String toString() {
            long start = history.start();
            return history + Arrival.describe(arrivals(), start) + Command.describe("what came out", commands(), start);
        }
    }

    @Provide
    Arbitrary<Trial> nothingLost() {
        return trials(List.of(Loss.NOTHING));
    }

    @Provide
    Arbitrary<Trial> someLost() {
        return trials(List.of(Loss.ONE_IN_SIX, Loss.TEN_MINUTES, Loss.EVERYTHING));
    }

    private static Arbitrary<Trial> trials(List<Loss> losses) {
        return Arbitraries.integers()
                .between(0, Integer.MAX_VALUE)
                .withDistribution(RandomDistribution.uniform())
                .withoutEdgeCases()
                .list()
                .ofMaxSize(MOST_CHOICES)
                .withSizeDistribution(RandomDistribution.uniform())
                .withoutEdgeCases()
                .map(numbers -> {
                    Choices choices = Choices.of(numbers);
                    return Trial.of(choices.oneOf(losses), choices);
                });
    }

    @Property(seed = "1")
    void shouldDecideNothingIfNothingWasLost(@ForAll("nothingLost") Trial trial) {
        assertThat(trial.commands()).allMatch(command -> command.decidedAt() < trial.replayAt());
    }

    @Property(seed = "2")
    void shouldNotDecideBeforeTheNewestAnnouncedEnd(@ForAll("someLost") Trial trial) {
        long over = Long.MIN_VALUE;
        for (Command command : trial.commands()) {
            assertThat(command.decidedAt() < trial.replayAt() || command.occurredAt() > over)
                    .as(() -> command + " was decided in the replay, about the time before the newest announced end")
                    .isTrue();
            over = command.isEnd() ? Math.max(over, command.occurredAt()) : over;
        }
    }

    @Property(seed = "3")
    void shouldNotEndAgainWhatWasOver(@ForAll("someLost") Trial trial) {
        Set<Integer> over = new HashSet<>();
        for (Command command : trial.commands()) {
            int handover = handover(trial.history(), command);
            assertThat(command.decidedAt() < trial.replayAt() || !over.contains(handover))
                    .as(() -> command + " was decided in the replay, about a handover whose end was announced in time")
                    .isTrue();
            if (command.isEnd() && command.occurredAt() >= lastGone(trial.history(), handover)) {
                over.add(handover);
            }
        }
    }

    @Property(seed = "4")
    void shouldLeaveNoHandoverOpenThatIsOver(@ForAll("someLost") Trial trial) {
        assertThat(trial.commands())
                .filteredOn(Command::isEnd)
                .anyMatch(
                        end -> handover(trial.history(), end) == trial.history().handovers());
    }

    @Property(seed = "5")
    void shouldKeepTheInvariants(@ForAll("someLost") Trial trial) {
        assertThat(Invariants.breaches(Rules.DEFAULT, trial.arrivals(), trial.commands()))
                .isEmpty();
    }

    /** The handover that the command is about, according to the history. */
    private static int handover(History history, Command command) {
        String deciding = command.evidence().get(command.evidence().size() - 1);
        return history.events().stream()
                .filter(event -> deciding.equals(event.kind().topic() + '@' + event.time()))
                .mapToInt(GenesysEvent::handover)
                .findFirst()
                .orElseThrow();
    }

    /** The last time at which an agent, a queue or a flow had the conversation. */
    private static long lastGone(History history, int handover) {
        return history.events().stream()
                .filter(event -> event.handover() == handover)
                .filter(event -> event.kind() == Kind.USER_END
                        || event.kind() == Kind.ACD_END
                        || event.isOfFlow(Flow.Role.ROUTING))
                .mapToLong(GenesysEvent::time)
                .max()
                .orElse(Long.MIN_VALUE);
    }
}
