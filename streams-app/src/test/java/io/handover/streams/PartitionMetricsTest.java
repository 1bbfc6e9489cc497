package io.handover.streams;

import static io.handover.streams.TopologyFixture.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionMetricsTest {

    private static final String PREFIX = "handover.partition.";

    @TempDir
    private Path stateDirectory;

    @Test
    void shouldShowAPartitionWhileItsTaskRuns() {
        // Given
        TopologyFixture topology = new TopologyFixture(stateDirectory);
        // When
        List<String> running = names(topology.registry);
        topology.close();
        // Then
        assertThat(running)
                .containsExactlyInAnyOrder(
                        "lag.seconds of 0", "lag.records of 0", "position of 0", "overdue.seconds of 0");
        assertThat(names(topology.registry)).isEmpty();
    }

    @Test
    void shouldKeepAPartitionThatMovedToAnotherThread() {
        // Given
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        PartitionMetrics metrics = new PartitionMetrics(registry);
        PartitionProgress first = metrics.begin(3);
        PartitionProgress second = metrics.begin(3);
        second.processed(41, 0, Long.MAX_VALUE);
        // When
        metrics.end(3, first);
        // Then
        assertThat(registry.get(PREFIX + "position")
                        .tag("partition", "3")
                        .gauge()
                        .value())
                .isEqualTo(42);
    }

    @Test
    void shouldMeasureHowLateACommandIs() {
        // Given
        try (TopologyFixture topology = new TopologyFixture(stateDirectory)) {
            topology.advanceWallClock(Duration.ofSeconds(7));
            // When
            topology.deliver("c", Deliveries.customerEnd("c", START), Duration.ofSeconds(5));
            // Then
            assertThat(topology.registry
                            .get("handover.command.latency")
                            .tag("type", "handover-ended")
                            .timer()
                            .max(TimeUnit.SECONDS))
                    .isEqualTo(2);
            assertThat(topology.count("handover.commands.early")).isZero();
        }
    }

    private static List<String> names(SimpleMeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith(PREFIX))
                .map(id -> id.getName().substring(PREFIX.length()) + " of " + id.getTag("partition"))
                .toList();
    }
}
