package io.handover.history.repartition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class CopyPositionTest {

    private static final Uuid TOPIC = Uuid.fromString("fyy1azajRruzRnBPf0kAAw");

    @Test
    void shouldBeReadAsItWasCommitted() {
        // Given
        CopyPosition position = CopyPosition.start(TOPIC, 3, 3, Long.MIN_VALUE, 17)
                .copied(3, 1_000, 42)
                .skipped(4, 2_000)
                .passed(5, 3_000)
                .done();
        // When
        OffsetAndMetadata committed = position.encode();
        // Then
        assertThat(committed.offset()).isEqualTo(6);
        assertThat(CopyPosition.of(committed)).isEqualTo(position);
    }

    @Test
    void shouldKeepTheFirstSkippedRecordAndTheTimeBeforeIt() {
        // Given
        CopyPosition position = CopyPosition.start(TOPIC, 0, 0, Long.MIN_VALUE, CopyPosition.NONE);
        // When
        CopyPosition reached = position.copied(0, 1_000, 42).skipped(1, 2_000).skipped(2, 3_000);
        // Then
        assertThat(reached.skipped()).isEqualTo(1);
        assertThat(reached.skippedTime()).isEqualTo(1_000);
        assertThat(reached.time()).isEqualTo(3_000);
        assertThat(reached.count()).isEqualTo(1);
    }

    @Test
    void shouldRefuseAnOffsetOfSomethingElse() {
        // Given
        OffsetAndMetadata committed = new OffsetAndMetadata(3, "something else");
        // When / Then
        assertThatThrownBy(() -> CopyPosition.of(committed))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("belongs to something else");
    }
}
