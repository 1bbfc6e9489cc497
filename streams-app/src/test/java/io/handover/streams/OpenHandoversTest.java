package io.handover.streams;

import static io.handover.streams.TopologyFixture.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.AgentSession;
import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.HandoverFacts;
import io.handover.conversation.Reading;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StoredConversation;
import io.handover.conversation.fold.Timer;
import io.handover.reference.UnreliableDelivery;
import io.handover.streams.KafkaConversationStore.CorruptStates;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The open and held handovers in memory agree with the states, always. */
class OpenHandoversTest {

    private static final int CHECK_EVERY = 25;

    @TempDir
    private Path stateDirectory;

    private TopologyFixture topology;

    /** What a scan of all states says. */
    private record Scan(
            Set<String> open, Set<String> heldEntries, Map<EndReason, Long> held, Map<Reading.Row, Long> readings) {}

    private static final class NoObserver implements ConversationFold.Observer {

        @Override
        public void applied(
                String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
            // Nothing is compared.
        }

        @Override
        public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
            // Nothing is compared.
        }
    }

    @BeforeEach
    void open() {
        topology = new TopologyFixture(stateDirectory);
    }

    @AfterEach
    void close() {
        topology.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldAgreeWithAScanOfAllStates(long seed) {
        // Given
        PartitionLog log = PartitionLog.of(seed, 400, UnreliableDelivery.within(300_000, 3 * 86_400_000L));
        int checked = 0;
        int mostOpen = 0;
        long mostHeld = 0;
        for (int i = 0; i < log.entries().size(); i++) {
            // When
            topology.events.pipeInput(log.entries().get(i).record());
            // Then
            if (i % CHECK_EVERY == 0) {
                assertInStep();
                checked++;
                mostOpen = Math.max(mostOpen, live().handovers().open().size());
                mostHeld = Math.max(mostHeld, live().handovers().heldCount());
            }
        }
        topology.moveLogTo(Duration.ofDays(10));
        assertInStep();
        assertThat(checked).isGreaterThan(50);
        assertThat(mostOpen).isGreaterThan(50);
        assertThat(mostHeld).isPositive();
    }

    @Test
    void shouldCountTheSameAgainWhenATaskStarts() {
        // Given
        topology.deliver("c-1", Deliveries.userStart("c-1", "anna", START), Duration.ZERO);
        topology.deliver("c-2", Deliveries.acw("c-2", "anna", START), Duration.ZERO);
        // When
        OpenHandovers restarted = new OpenHandovers(TransferPolicy.DEFAULT);
        List<String> corrupt = new ArrayList<>();
        KafkaConversationStore store = restart(restarted, corrupt);
        // Then
        OpenHandovers before = live().handovers();
        assertThat(restarted.open()).hasSize(2).isEqualTo(before.open());
        assertThat(restarted.openCount()).isEqualTo(2);
        assertThat(restarted.held()).hasSize(1).isEqualTo(before.held());
        assertThat(restarted.heldCount(EndReason.TRANSFER_TIMEOUT)).isEqualTo(1);
        assertThat(restarted.heldCount()).isEqualTo(1);
        assertThat(restarted.readingCount(Reading.Row.SERVED)).isEqualTo(1);
        assertThat(restarted.readingCount(Reading.Row.ACW_ALONE)).isEqualTo(1);
        assertThat(store.removeDue(Long.MAX_VALUE, 10))
                .hasSize(3)
                .extracting(Timer::id)
                .containsOnly("c-1", "c-2")
                .startsWith("c-2");
        assertThat(corrupt).isEmpty();
    }

    @Test
    void shouldMakeACorruptStateDueAtOnceWhenATaskStarts() {
        // Given
        topology.deliver("c", Deliveries.acw("c", "anna", START), Duration.ZERO);
        topology.conversations().put("c", new byte[] {1, 2, 3});
        OpenHandovers restarted = new OpenHandovers(TransferPolicy.DEFAULT);
        List<String> corrupt = new ArrayList<>();
        // When
        KafkaConversationStore store = restart(restarted, corrupt);
        new ConversationFold(TransferPolicy.DEFAULT, store, 10, new NoObserver()).advanceTo(START.toEpochMilli());
        // Then
        assertThat(corrupt).containsExactly("c");
        assertThat(restarted.open()).isEmpty();
        assertThat(topology.conversations().get("c")).isNull();
    }

    private KafkaConversationStore restart(OpenHandovers open, List<String> corrupt) {
        return new KafkaConversationStore(topology.conversations(), topology.agents(), open, new CorruptStates() {
            @Override
            public void ofConversation(String id, byte[] bytes, CorruptStateException reason, long at) {
                corrupt.add(id);
            }

            @Override
            public void ofAgent(String id, CorruptStateException reason) {
                corrupt.add(id);
            }
        });
    }

    @Test
    void shouldMoveTheEntryWhenAnEarlierStartArrivesLate() {
        // Given
        topology.deliver("c", Deliveries.userStart("c", "anna", START.plusSeconds(9)), Duration.ZERO);
        assertThat(entries(live().handovers().open()))
                .containsExactly(START.plusSeconds(9).toEpochMilli() + " c");
        // When
        topology.deliver("c", Deliveries.userStart("c", "ben", START.plusSeconds(2)), Duration.ofSeconds(1));
        // Then
        assertThat(entries(live().handovers().open()))
                .containsExactly(START.plusSeconds(2).toEpochMilli() + " c");
        assertThat(live().handovers().openCount()).isEqualTo(1);
    }

    @Test
    void shouldRemoveTheEntryOfACorruptState() {
        // Given
        topology.deliver("c", Deliveries.acw("c", "anna", START), Duration.ZERO);
        topology.conversations().put("c", new byte[] {1, 2, 3});
        // When
        topology.deliver("c", Deliveries.userStart("c", "ben", START.plusSeconds(5)), Duration.ofSeconds(1));
        // Then
        assertThat(topology.count("handover.states.corrupt")).isEqualTo(1);
        assertInStep();
        assertThat(live().handovers().openCount()).isEqualTo(1);
    }

    @Test
    void shouldNotCountAnIdleHandoverAsHeld() {
        // Given
        topology.close();
        TransferPolicy idle = new TransferPolicy(
                10_000,
                120_000,
                2_000,
                true,
                true,
                TransferPolicy.AnnounceOn.START,
                TransferPolicy.DEFAULT.retentionMs(),
                60_000,
                TransferPolicy.DEFAULT.profiles());
        topology = new TopologyFixture(stateDirectory, idle, START);
        // When
        topology.deliver("c", Deliveries.userStart("c", "anna", START), Duration.ZERO);
        // Then
        assertThat(Objects.requireNonNull(state("c").pending()).reason()).isEqualTo(EndReason.IDLE);
        assertThat(live().handovers().openCount()).isEqualTo(1);
        assertThat(live().handovers().heldCount()).isZero();
    }

    @Test
    void shouldHaveGaugesOfEveryReasonFromTheStartUntilThePartitionLeaves() {
        // Given
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        LivePartitions partitions = new LivePartitions(registry, true);
        // When
        LivePartition first = new LivePartition(7, 0, 0, TransferPolicy.DEFAULT);
        partitions.opened(first);
        // Then
        assertThat(registry.find("handover.held").tag("partition", "7").gauges())
                .hasSameSizeAs(LivePartitions.HELD_REASONS)
                .allSatisfy(gauge -> assertThat(gauge.value()).isZero());
        // When a task is revived, and the first one is closed late
        LivePartition second = new LivePartition(7, 0, 0, TransferPolicy.DEFAULT);
        partitions.opened(second);
        topology.deliver("c", Deliveries.userStart("c", "anna", START), Duration.ZERO);
        second.handovers().changed("c", ConversationState.NEW, state("c"));
        partitions.closed(first);
        // Then
        Gauge gauge = registry.get("handover.open").tag("partition", "7").gauge();
        assertThat(gauge.value()).isEqualTo(1);
        // When
        partitions.closed(second);
        // Then
        assertThat(registry.getMeters()).isEmpty();
    }

    private LivePartition live() {
        return Objects.requireNonNull(topology.live.find(0));
    }

    private void assertInStep() {
        Scan scan = scan();
        assertThat(entries(live().handovers().open())).isEqualTo(scan.open());
        assertThat(entries(live().handovers().held())).isEqualTo(scan.heldEntries());
        assertThat(live().handovers().openCount()).isEqualTo(scan.open().size());
        for (EndReason reason : EndReason.values()) {
            assertThat(live().handovers().heldCount(reason))
                    .as(reason.label())
                    .isEqualTo(scan.held().getOrDefault(reason, 0L));
        }
        for (Reading.Row row : Reading.Row.values()) {
            assertThat(live().handovers().readingCount(row))
                    .as(row.name())
                    .isEqualTo(scan.readings().getOrDefault(row, 0L));
        }
    }

    private Scan scan() {
        Set<String> open = new TreeSet<>();
        Set<String> heldEntries = new TreeSet<>();
        Map<EndReason, Long> held = new EnumMap<>(EndReason.class);
        Map<Reading.Row, Long> readings = new EnumMap<>(Reading.Row.class);
        try (KeyValueIterator<String, byte[]> all = topology.conversations().all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                ConversationState state = decoded(entry.value);
                if (state.openedAt() != AgentSession.UNKNOWN) {
                    open.add(state.openedAt() + " " + entry.key);
                    readings.merge(
                            Reading.of(HandoverFacts.of(state), TransferPolicy.DEFAULT)
                                    .row(),
                            1L,
                            Long::sum);
                }
                if (state.pending() != null && state.pending().reason() != EndReason.IDLE) {
                    heldEntries.add(state.pending().deadline() + " " + entry.key);
                    held.merge(state.pending().reason(), 1L, Long::sum);
                }
            }
        }
        return new Scan(open, heldEntries, held, readings);
    }

    private static Set<String> entries(Set<TimeKey> keys) {
        Set<String> entries = new TreeSet<>();
        for (TimeKey key : keys) {
            entries.add(key.time() + " " + key.id());
        }
        return entries;
    }

    private ConversationState state(String conversation) {
        return decoded(topology.conversations().get(conversation));
    }

    private static ConversationState decoded(byte[] bytes) {
        try {
            StoredConversation stored = StoredConversation.decode(bytes);
            // The app copies unchanged sessions. The bytes must equal those of a whole encoding.
            assertThat(stored.encode()).isEqualTo(bytes);
            return stored.state();
        } catch (CorruptStateException e) {
            throw new AssertionError("Expected a state that can be read", e);
        }
    }
}
