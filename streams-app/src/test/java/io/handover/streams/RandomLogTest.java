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
import io.handover.streams.PartitionLog.Entry;
import io.handover.traffic.Choices;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
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

    /** After every deadline, and before the end of every retention. */
    private static final Instant AFTERWARDS =
            TopologyFixture.START.plus(Duration.ofDays(3)).plus(Duration.ofHours(12));

    private static final long CHECK_EVERY_MS = 1_000;

    @TempDir
    private Path stateDirectory;

    private int runs;
    private double ticksWritten;

    /** What the wall clock shows while the log is read. */
    enum WallClock {
        YEARS_BEHIND,
        IN_STEP
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldDecideForEachConversationAsTheModelDoes(long seed) {
        // Given
        PartitionLog log = PartitionLog.of(seed, 2_000, WITHIN_GRACE);
        // When
        Map<String, List<String>> commands = run(log, WallClock.YEARS_BEHIND, Set.of());
        // Then
        log.historyByConversation().forEach((conversation, history) -> {
            List<Arrival> arrivals = log.arrivals(conversation);
            List<Command> seen = values(commands, conversation);
            List<Command> expected = ReferenceModel.commands(Rules.DEFAULT, arrivals, AFTERWARDS.toEpochMilli());
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
        Map<String, List<String>> commands = run(log, WallClock.YEARS_BEHIND, Set.of());
        // Then
        for (String conversation : log.historyByConversation().keySet()) {
            List<byte[]> core =
                    CoreRun.commands(TransferPolicy.DEFAULT, log.arrivals(conversation), AFTERWARDS.toEpochMilli());
            assertThat(commands.getOrDefault(conversation, List.of()).stream().map(RandomLogTest::value))
                    .containsExactlyElementsOf(core.stream()
                            .map(value -> new String(value, StandardCharsets.UTF_8))
                            .toList());
        }
    }

    @Test
    void shouldGiveTheSameWhateverTheWallClockShows() {
        // Given
        PartitionLog log = PartitionLog.of(5, 100, UnreliableDelivery.within(Rules.DEFAULT.graceMs() - 1, 600_000));
        Map<String, List<String>> withoutTicks = run(log, WallClock.YEARS_BEHIND, Set.of());
        assertThat(ticksWritten).isZero();
        // When
        Map<String, List<String>> withTicks = run(log, WallClock.IN_STEP, Set.of());
        // Then
        assertThat(ticksWritten).isPositive();
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
        assertThat(run(log, WallClock.YEARS_BEHIND, restarts)).isEqualTo(run(log, WallClock.YEARS_BEHIND, Set.of()));
    }

    @Test
    void shouldApplyNoEventTwice() {
        // Given
        PartitionLog log = PartitionLog.of(7, 300, UnreliableDelivery.within(300_000, 3 * 86_400_000L));
        // When / Then
        assertThat(run(log.withoutDuplicates(), WallClock.YEARS_BEHIND, Set.of()))
                .isEqualTo(run(log, WallClock.YEARS_BEHIND, Set.of()));
    }

    @Test
    void shouldChangeNothingForWhatIsUnknownOrBroken() {
        // Given
        PartitionLog log = PartitionLog.of(8, 300, WITHIN_GRACE);
        // When / Then
        assertThat(run(log.withNoise(9), WallClock.YEARS_BEHIND, Set.of()))
                .isEqualTo(run(log, WallClock.YEARS_BEHIND, Set.of()));
    }

    /** The command records per conversation, in their order, with key, value, time and headers. */
    private Map<String, List<String>> run(PartitionLog log, WallClock wallClock, Set<Integer> restarts) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        TopologyFixture topology = start(wallClock);
        long wall = TopologyFixture.START.toEpochMilli();
        for (int i = 0; i < log.entries().size(); i++) {
            Entry entry = log.entries().get(i);
            if (restarts.contains(i)) {
                topology = restart(topology, commands, wallClock);
            }
            // Checks several times between two records, because otherwise no partition is ever found quiet.
            while (wallClock == WallClock.IN_STEP && entry.time() > wall) {
                long step = Math.min(entry.time() - wall, CHECK_EVERY_MS);
                topology.advanceWallClock(Duration.ofMillis(step));
                wall += step;
            }
            topology.events.pipeInput(entry.record());
        }
        topology.moveLogTo(Duration.between(TopologyFixture.START, AFTERWARDS));
        collect(topology, commands);
        ticksWritten = topology.count("handover.ticks.written");
        topology.close();
        commands.keySet().removeIf(conversation -> conversation.startsWith("bystander"));
        return commands;
    }

    private TopologyFixture start(WallClock wallClock) {
        Instant shows = wallClock == WallClock.IN_STEP ? TopologyFixture.START : Instant.EPOCH;
        return new TopologyFixture(stateDirectory.resolve("run-" + runs++), TransferPolicy.DEFAULT, shows);
    }

    /** Restarts as after a loss of the local disk: only the content of the stores is restored. */
    private TopologyFixture restart(TopologyFixture stopped, Map<String, List<String>> commands, WallClock wallClock) {
        collect(stopped, commands);
        TopologyFixture started = start(wallClock);
        Map<String, StateStore> stores = stopped.driver.getAllStateStores();
        for (String name : stores.keySet()) {
            copy(stopped.driver.getKeyValueStore(name), started.driver.getKeyValueStore(name));
        }
        stopped.close();
        return started;
    }

    private static void copy(KeyValueStore<Object, Object> from, KeyValueStore<Object, Object> to) {
        try (KeyValueIterator<Object, Object> all = from.all()) {
            while (all.hasNext()) {
                KeyValue<Object, Object> entry = all.next();
                to.put(entry.key, entry.value);
            }
        }
    }

    private static void collect(TopologyFixture topology, Map<String, List<String>> commands) {
        for (TestRecord<String, byte[]> record : topology.rawCommands.readRecordsToList()) {
            StringBuilder text = new StringBuilder(new String(record.value(), StandardCharsets.UTF_8));
            text.append('\n').append(record.timestamp());
            for (Header header : record.headers()) {
                text.append('\n')
                        .append(header.key())
                        .append('=')
                        .append(new String(header.value(), StandardCharsets.UTF_8));
            }
            commands.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(text.toString());
        }
    }

    private static String value(String record) {
        return record.substring(0, record.indexOf('\n'));
    }

    private static List<Command> values(Map<String, List<String>> commands, String conversation) {
        return commands.getOrDefault(conversation, List.of()).stream()
                .map(record -> Command.read(value(record).getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
