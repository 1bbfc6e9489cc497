package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CoreRun;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Comparison;
import io.handover.reference.Invariants;
import io.handover.reference.ReferenceModel;
import io.handover.reference.Rules;
import io.handover.reference.RunSeed;
import io.handover.reference.UnreliableDelivery;
import io.handover.streams.LogRun.WallClock;
import io.handover.traffic.Choices;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs a partition with many conversations through the topology. The commands are a function of the log alone.
 */
class RandomLogTest {

    private static final UnreliableDelivery WITHIN_GRACE =
            UnreliableDelivery.within(Rules.DEFAULT.graceMs() - 1, 3 * 86_400_000L);

    @TempDir
    private Path stateDirectory;

    private LogRun topology;

    @BeforeEach
    void prepare() {
        topology = new LogRun(stateDirectory, TransferPolicy.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldDecideForEachConversationAsTheModelDoes(long seed) {
        // Given
        PartitionLog log = PartitionLog.of(seed, 2_000, WITHIN_GRACE);
        // When
        Map<String, List<String>> commands = topology.run(log, WallClock.YEARS_BEHIND, Set.of());
        // Then
        log.historyByConversation().forEach((conversation, history) -> {
            List<Arrival> arrivals = log.arrivals(conversation);
            List<Command> seen = LogRun.commands(commands, conversation);
            List<Command> expected = ReferenceModel.commands(Rules.DEFAULT, arrivals, LogRun.AFTERWARDS.toEpochMilli());
            assertThat(Comparison.of(expected, seen).isClean())
                    .as(() -> history
                            + Arrival.describe(arrivals, history.start())
                            + Command.describe("what must come out", expected, history.start())
                            + Command.describe("what came out", seen, history.start()))
                    .isTrue();
            assertThat(Invariants.breaches(Rules.DEFAULT, arrivals, seen)).isEmpty();
        });
    }

    @Test
    void shouldGiveTheBytesThatTheCoreGives() {
        // Given
        PartitionLog log = PartitionLog.of(4, 500, UnreliableDelivery.within(300_000, 86_400_000));
        // When
        Map<String, List<String>> commands = topology.run(log, WallClock.YEARS_BEHIND, Set.of());
        // Then
        for (String conversation : log.historyByConversation().keySet()) {
            List<byte[]> core = CoreRun.commands(
                    TransferPolicy.DEFAULT, log.arrivals(conversation), LogRun.AFTERWARDS.toEpochMilli());
            assertThat(commands.getOrDefault(conversation, List.of()).stream().map(LogRun::value))
                    .containsExactlyElementsOf(core.stream()
                            .map(value -> new String(value, StandardCharsets.UTF_8))
                            .toList());
        }
    }

    @Test
    void shouldGiveTheSameWhateverTheWallClockShows() {
        // Given
        PartitionLog log = PartitionLog.of(5, 100, UnreliableDelivery.within(Rules.DEFAULT.graceMs() - 1, 600_000));
        Map<String, List<String>> withoutTicks = topology.run(log, WallClock.YEARS_BEHIND, Set.of());
        assertThat(topology.ticksWritten()).isZero();
        // When
        Map<String, List<String>> withTicks = topology.run(log, WallClock.IN_STEP, Set.of());
        // Then
        assertThat(topology.ticksWritten()).isPositive();
        assertThat(withTicks).isEqualTo(withoutTicks);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldGiveTheSameAfterRestarts(long seed) {
        // Given
        PartitionLog log = PartitionLog.of(6, 200, WITHIN_GRACE);
        Choices choices = Choices.seeded(RunSeed.of(seed));
        Set<Integer> restarts = IntStream.range(0, 6)
                .mapToObj(i -> choices.below(log.entries().size()))
                .collect(Collectors.toSet());
        // When / Then
        assertThat(topology.run(log, WallClock.YEARS_BEHIND, restarts))
                .isEqualTo(topology.run(log, WallClock.YEARS_BEHIND, Set.of()));
    }

    @Test
    void shouldApplyNoEventTwice() {
        // Given
        PartitionLog log = PartitionLog.of(7, 300, UnreliableDelivery.within(300_000, 3 * 86_400_000L));
        // When / Then
        assertThat(topology.run(log.withoutDuplicates(), WallClock.YEARS_BEHIND, Set.of()))
                .isEqualTo(topology.run(log, WallClock.YEARS_BEHIND, Set.of()));
    }

    @Test
    void shouldChangeNothingForWhatIsUnknownOrBroken() {
        // Given
        PartitionLog log = PartitionLog.of(8, 300, WITHIN_GRACE);
        // When / Then
        assertThat(topology.run(log.withNoise(9), WallClock.YEARS_BEHIND, Set.of()))
                .isEqualTo(topology.run(log, WallClock.YEARS_BEHIND, Set.of()));
    }
}
