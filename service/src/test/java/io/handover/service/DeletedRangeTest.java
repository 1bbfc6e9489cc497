package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class DeletedRangeTest {

    private static final Instant TEN = Instant.parse("2026-01-15T10:00:00Z");
    private static final Instant ELEVEN = Instant.parse("2026-01-15T11:00:00Z");

    @Test
    void shouldBeReadAsItWasStored() {
        // Given
        DeletedRange range = new DeletedRange(17, 42, TEN);
        // When / Then
        assertThat(DeletedRange.of(range.toOffset())).contains(range);
        assertThat(range).hasToString("offsets 17 to 41, received before 2026-01-15T10:00:00Z");
    }

    @Test
    void shouldIgnoreOffsetsOfOthers() {
        // When / Then
        assertThat(DeletedRange.of(new OffsetAndMetadata(42))).isEmpty();
        assertThat(DeletedRange.of(new OffsetAndMetadata(
                        42, "deleted unread: first=99999999999999999999 next=2 count=3 received-before=now")))
                .isEmpty();
    }

    @Test
    void shouldCountTwoGapsTogether() {
        // When
        DeletedRange both = new DeletedRange(10, 20, TEN).and(new DeletedRange(50, 60, ELEVEN));
        // Then
        assertThat(both).isEqualTo(new DeletedRange(10, 60, 20, ELEVEN));
    }

    @Test
    void shouldCountAGapOnceThatIsFoundAgain() {
        // Given
        DeletedRange found = new DeletedRange(10, 20, TEN);
        // When / Then
        assertThat(found.and(found)).isEqualTo(found);
        assertThat(found.and(new DeletedRange(10, 25, ELEVEN))).isEqualTo(new DeletedRange(10, 25, 15, ELEVEN));
    }
}
