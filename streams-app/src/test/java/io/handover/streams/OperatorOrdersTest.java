package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.HandoverSerdes;
import io.handover.schema.KeyPartition;
import io.handover.schema.OperatorOrder;
import io.handover.schema.OperatorOrder.Action;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's order is a record of the log, and the topology decides it as such. */
class OperatorOrdersTest {

    private static final Instant START = TopologyFixture.START;

    @TempDir
    private Path stateDirectory;

    @Test
    void shouldEndAHandoverOnceAndDecideTheSameInAReplay() {
        // Given
        List<List<byte[]>> runs = List.of(Path.of("first"), Path.of("replay")).stream()
                .map(run -> {
                    try (TopologyFixture topology = new TopologyFixture(stateDirectory.resolve(run))) {
                        serve(topology, "c");
                        // When
                        order(topology, "c", "c", Action.END, 10);
                        order(topology, "c", "c", Action.END, 11);
                        return topology.rawCommands.readValuesToList();
                    }
                })
                .toList();

        // Then
        assertThat(texts(runs.get(0)))
                .hasSize(2)
                .last()
                .asString()
                .contains("\"type\":\"handover-ended\"", "\"reason\":\"operator\"", "\"topic\":\"operator.order\"");
        assertThat(texts(runs.get(1))).isEqualTo(texts(runs.get(0)));
    }

    @Test
    void shouldReleaseAHeldEndBeforeItsDeadline() {
        // Given
        try (TopologyFixture topology = new TopologyFixture(stateDirectory)) {
            serve(topology, "c");
            topology.deliver("c", Deliveries.acw("c", "anna", START.plusSeconds(5)), Duration.ofSeconds(5));
            // When
            order(topology, "c", "c", Action.RELEASE, 6);
            // Then
            assertThat(topology.commands()).containsExactly("c: agent-updated anna @0", "c: transfer-timeout @6000");
            assertThat(topology.outcomes("operator-released")).isOne();
        }
    }

    @Test
    void shouldDecideByTheConversationOfTheOrderWhateverItsRecordKeyIs() {
        // Given
        try (TopologyFixture topology = new TopologyFixture(stateDirectory)) {
            serve(topology, "c");
            // When
            order(topology, "other", "c", Action.END, 10);
            // Then
            assertThat(topology.commands()).containsExactly("c: agent-updated anna @0", "c: operator @10000");
        }
    }

    @Test
    void shouldSendAnOrderInTheWrongPartitionToTheDeadLetters() {
        // Given
        try (TopologyFixture topology = new TopologyFixture(stateDirectory, 2)) {
            // When
            order(topology, "conversation-0", misplaced(), Action.END, 10);
            // Then
            assertThat(topology.commands()).isEmpty();
            assertThat(topology.deadLetters.readRecordsToList()).hasSize(1);
        }
    }

    @Test
    void shouldSendAnUnreadableOrderToTheDeadLetters() {
        // Given
        try (TopologyFixture topology = new TopologyFixture(stateDirectory)) {
            // When
            topology.events.pipeInput(record("c", "{\"action\":\"stop\"}".getBytes(StandardCharsets.UTF_8), 1));
            // Then
            assertThat(topology.deadLetters.readRecord().key()).isEqualTo("c");
        }
    }

    private static String misplaced() {
        int number = 0;
        while (KeyPartition.of(("c-" + number).getBytes(StandardCharsets.UTF_8), 2) == 0) {
            number++;
        }
        return "c-" + number;
    }

    private static void serve(TopologyFixture topology, String conversation) {
        topology.deliver(conversation, Deliveries.userStart(conversation, "anna", START), Duration.ZERO);
    }

    private static void order(TopologyFixture topology, String key, String conversation, Action action, int after) {
        OperatorOrder order = new OperatorOrder(
                UUID.fromString("3f1f0c5e-7a0d-4b52-9f55-6c1f2b8f9a10"),
                conversation,
                1,
                action,
                "ada",
                "test",
                START.plusSeconds(after));
        topology.events.pipeInput(
                record(key, HandoverSerdes.operatorOrderSerializer().serialize(Topics.EVENTS, order), after));
    }

    private static TestRecord<String, byte[]> record(String key, byte[] value, int after) {
        return new TestRecord<>(
                key, value, new RecordHeaders().add(RecordKind.OPERATOR_ORDER.header()), START.plusSeconds(after));
    }

    private static List<String> texts(List<byte[]> values) {
        return values.stream()
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .toList();
    }
}
