package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.StoredConversation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionSweepTest {

    private static final long RETENTION_MS = TransferPolicy.DEFAULT.retentionMs();
    private static final long START = TopologyFixture.START.toEpochMilli();
    private static final int CONVERSATIONS = 1_000;

    @TempDir
    private Path stateDirectory;

    private TopologyFixture topology;
    private RetentionSweep sweep;

    @BeforeEach
    void open() {
        topology = new TopologyFixture(stateDirectory);
        sweep = new RetentionSweep(topology.conversations());
    }

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void shouldFindEachEndedConversationWithinAQuarterOfTheRetention() {
        // Given
        end(CONVERSATIONS);
        List<String> found = new ArrayList<>();
        long step = Duration.ofMinutes(1).toMillis();
        // When
        for (long time = START; time < START + RETENTION_MS; time += step) {
            found.addAll(sweep.step(time, RETENTION_MS));
        }
        // Then
        assertThat(found).isEmpty();
        // When
        for (long time = START + RETENTION_MS; time < START + RETENTION_MS * 5 / 4; time += step) {
            found.addAll(sweep.step(time, RETENTION_MS));
        }
        // Then
        assertThat(new HashSet<>(found)).hasSize(CONVERSATIONS).isEqualTo(ids());
    }

    @Test
    void shouldSpreadTheStepsOverTheTime() {
        // Given
        end(CONVERSATIONS);
        int steps = 0;
        // When
        for (long time = START; time < START + RETENTION_MS; time += 1_000) {
            steps += sweep.nextStep() <= time ? 1 : 0;
            sweep.step(time, RETENTION_MS);
        }
        // Then eight passes of 64 states per step
        assertThat(steps).isBetween(100, 150);
    }

    @Test
    void shouldKeepUpWhenThereAreManyTimesAsManyStatesBeforeAPassIsOver() {
        // Given a pass that has begun with few states
        end(0, 130);
        sweep.step(START, RETENTION_MS);
        // When
        end(130, 20_000);
        Set<String> found = new HashSet<>();
        for (long time = START; time < START + RETENTION_MS * 5 / 4; time += 60_000) {
            found.addAll(sweep.step(time, RETENTION_MS));
        }
        // Then
        assertThat(found).isEqualTo(ids());
    }

    @Test
    void shouldLeaveOpenConversationsToTheirTimers() {
        // Given
        topology.deliver("c", Deliveries.userStart("c", "anna", TopologyFixture.START), Duration.ZERO);
        // When
        List<String> found = sweep.step(START + 2 * RETENTION_MS, RETENTION_MS);
        // Then
        assertThat(found).isEmpty();
        assertThat(StoredConversation.isEnded(
                        Objects.requireNonNull(topology.conversations().get("c"))))
                .isFalse();
    }

    @Test
    void shouldNeedNoTimeWithoutStates() {
        assertThat(sweep.nextStep()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldWriteTicksIntoAQuietPartitionUntilItIsEmpty() {
        // Given a conversation that was written several times
        topology.deliver("c-0", Deliveries.userStart("c-0", "anna", TopologyFixture.START), Duration.ZERO);
        end(1);
        // When
        for (int hour = 0; hour < 6 * 24; hour++) {
            topology.advanceWallClock(Duration.ofHours(1));
        }
        // Then
        assertThat(ids()).isEmpty();
        double written = topology.count("handover.ticks.written");
        assertThat(written).isBetween(8.0, 20.0);
        // When
        for (int hour = 0; hour < 6 * 24; hour++) {
            topology.advanceWallClock(Duration.ofHours(1));
        }
        // Then
        assertThat(topology.count("handover.ticks.written")).isEqualTo(written);
    }

    private void end(int conversations) {
        end(0, conversations);
    }

    private void end(int from, int to) {
        for (int i = from; i < to; i++) {
            topology.deliver("c-" + i, Deliveries.customerEnd("c-" + i, TopologyFixture.START), Duration.ZERO);
        }
    }

    private Set<String> ids() {
        Set<String> ids = new HashSet<>();
        KeyValueStore<String, byte[]> conversations = topology.conversations();
        try (KeyValueIterator<String, byte[]> all = conversations.all()) {
            all.forEachRemaining(entry -> ids.add(entry.key));
        }
        return ids;
    }
}
