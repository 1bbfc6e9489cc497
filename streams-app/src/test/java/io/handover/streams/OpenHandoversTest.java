package io.handover.streams;

import static io.handover.streams.TopologyFixture.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.AgentSession;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StoredConversation;
import io.handover.reference.UnreliableDelivery;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store of the open handovers and the counts agree with the states, always. */
class OpenHandoversTest {

    private static final int CHECK_EVERY = 25;

    @TempDir
    private Path stateDirectory;

    private TopologyFixture topology;

    /** What a scan of all states says. */
    private record Scan(Set<String> open, Map<EndReason, Long> held) {}

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
                mostOpen = Math.max(mostOpen, entries().size());
                mostHeld = Math.max(mostHeld, live().held());
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
        LivePartition restarted = new LivePartition(0, 0);
        new OpenHandovers(topology.open(), restarted).count(this::state);
        // Then
        assertThat(restarted.open()).isEqualTo(2).isEqualTo(live().open());
        assertThat(restarted.held(EndReason.TRANSFER_TIMEOUT)).isEqualTo(1);
        assertThat(restarted.held()).isEqualTo(1);
    }

    @Test
    void shouldMoveTheEntryWhenAnEarlierStartArrivesLate() {
        // Given
        topology.deliver("c", Deliveries.userStart("c", "anna", START.plusSeconds(9)), Duration.ZERO);
        assertThat(entries()).containsExactly(START.plusSeconds(9).toEpochMilli() + " c");
        // When
        topology.deliver("c", Deliveries.userStart("c", "ben", START.plusSeconds(2)), Duration.ofSeconds(1));
        // Then
        assertThat(entries()).containsExactly(START.plusSeconds(2).toEpochMilli() + " c");
        assertThat(live().open()).isEqualTo(1);
    }

    @Test
    void shouldBeginAScanAtTheOldestOpenHandover() {
        // Given
        topology.deliver("c-1", Deliveries.userStart("c-1", "anna", START.plusSeconds(5)), Duration.ofSeconds(5));
        topology.deliver("c-2", Deliveries.userStart("c-2", "anna", START.plusSeconds(9)), Duration.ofSeconds(9));
        topology.deliver("c-1", Deliveries.customerEnd("c-1", START.plusSeconds(10)), Duration.ofSeconds(10));
        // When
        topology.advanceWallClock(Duration.ofSeconds(1));
        // Then
        assertThat(live().oldestOpen()).isEqualTo(START.plusSeconds(9).toEpochMilli());
        // When
        topology.deliver("c-3", Deliveries.userStart("c-3", "anna", START.plusSeconds(7)), Duration.ofSeconds(11));
        // Then
        assertThat(live().oldestOpen()).isEqualTo(START.plusSeconds(7).toEpochMilli());
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
        assertThat(live().open()).isEqualTo(1);
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
        assertThat(live().open()).isEqualTo(1);
        assertThat(live().held()).isZero();
    }

    @Test
    void shouldHaveGaugesOfEveryReasonFromTheStartUntilThePartitionLeaves() {
        // Given
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        LivePartitions partitions = new LivePartitions(registry);
        // When
        LivePartition first = new LivePartition(7, 0);
        partitions.opened(first);
        // Then
        assertThat(registry.find("handover.held").tag("partition", "7").gauges())
                .hasSameSizeAs(LivePartitions.HELD_REASONS)
                .allSatisfy(gauge -> assertThat(gauge.value()).isZero());
        // When a task is revived, and the first one is closed late
        LivePartition second = new LivePartition(7, 0);
        partitions.opened(second);
        second.countOpen(3);
        partitions.closed(first);
        // Then
        Gauge gauge = registry.get("handover.open").tag("partition", "7").gauge();
        assertThat(gauge.value()).isEqualTo(3);
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
        assertThat(entries()).isEqualTo(scan.open());
        assertThat(live().open()).isEqualTo(scan.open().size());
        for (EndReason reason : EndReason.values()) {
            assertThat(live().held(reason))
                    .as(reason.label())
                    .isEqualTo(scan.held().getOrDefault(reason, 0L));
        }
    }

    private Scan scan() {
        Set<String> open = new TreeSet<>();
        Map<EndReason, Long> held = new EnumMap<>(EndReason.class);
        try (KeyValueIterator<String, byte[]> all = topology.conversations().all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                ConversationState state = decoded(entry.value);
                if (state.openedAt() != AgentSession.UNKNOWN) {
                    open.add(state.openedAt() + " " + entry.key);
                }
                if (state.pending() != null && state.pending().reason() != EndReason.IDLE) {
                    held.merge(state.pending().reason(), 1L, Long::sum);
                }
            }
        }
        return new Scan(open, held);
    }

    private Set<String> entries() {
        Set<String> entries = new TreeSet<>();
        try (KeyValueIterator<Bytes, byte[]> all = topology.open().all()) {
            while (all.hasNext()) {
                Bytes key = all.next().key;
                entries.add(TimeKey.time(key) + " " + TimeKey.id(key));
            }
        }
        return entries;
    }

    private ConversationState state(String conversation) {
        return decoded(topology.conversations().get(conversation));
    }

    private static ConversationState decoded(byte[] bytes) {
        try {
            return StoredConversation.decode(bytes).state();
        } catch (CorruptStateException e) {
            throw new AssertionError("Expected a state that can be read", e);
        }
    }
}
