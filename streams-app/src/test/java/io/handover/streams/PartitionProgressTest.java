package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionProgressTest {

    /** The brokers' time at the beginning of a test. */
    private static final long NOW = 1_700_000_000_000L;

    private final MockClock clock = new MockClock();
    private final PartitionProgress progress = new PartitionProgress(clock);

    @BeforeEach
    void setTheClock() {
        progress.checked(NOW, Long.MAX_VALUE);
    }

    @Test
    void shouldKnowNothingAtFirst() {
        // When / Then
        assertThat(progress.isNextKnown()).isFalse();
        assertThat(progress.position()).isNaN();
        assertThat(progress.lagRecords()).isNaN();
        assertThat(progress.lagSeconds()).isNaN();
        assertThat(progress.overdueSeconds()).isZero();
    }

    @Test
    void shouldCountFromTheCommittedOffsetUntilSomethingIsPolled() {
        // Given
        progress.committed(10);
        // When
        progress.endRead(14, clock.monotonicTime());
        clock.add(Duration.ofSeconds(3));
        // Then
        assertThat(progress.position()).isEqualTo(10);
        assertThat(progress.lagRecords()).isEqualTo(4);
        assertThat(progress.lagSeconds()).isEqualTo(3);
    }

    @Test
    void shouldNotLagBehindOffsetsWithoutARecord() {
        // Given
        progress.polled(NOW, 10);
        progress.polledTo(13);
        progress.processed(10, NOW, Long.MAX_VALUE);
        // When
        progress.endRead(13, clock.monotonicTime());
        // Then
        assertThat(progress.position()).isEqualTo(13);
        assertThat(progress.lagRecords()).isZero();
        assertThat(progress.lagSeconds()).isZero();
    }

    @Test
    void shouldLagBehindWhatIsPolledAndNotProcessed() {
        // Given
        progress.polled(NOW - 60_000, 20);
        progress.polledTo(21);
        progress.processed(10, NOW - 60_000, Long.MAX_VALUE);
        // When
        progress.endRead(30, clock.monotonicTime());
        clock.add(Duration.ofSeconds(5));
        // Then
        assertThat(progress.position()).isEqualTo(11);
        assertThat(progress.lagRecords()).isEqualTo(19);
        assertThat(progress.lagSeconds()).isEqualTo(65);
    }

    @Test
    void shouldNotTakeAQuietNightForLag() {
        // Given
        progress.polled(NOW, 10);
        progress.polledTo(11);
        progress.processed(10, NOW, Long.MAX_VALUE);
        clock.add(Duration.ofHours(8));
        progress.endRead(11, clock.monotonicTime());
        clock.add(Duration.ofSeconds(5));
        // When
        progress.endRead(12, clock.monotonicTime());
        // Then
        assertThat(progress.lagRecords()).isEqualTo(1);
        assertThat(progress.lagSeconds()).isEqualTo(5);
    }

    @Test
    void shouldPassAnUnreadableRecord() {
        // Given
        progress.polled(NOW, 10);
        progress.polledTo(11);
        // When
        progress.skipped(10);
        progress.endRead(11, clock.monotonicTime());
        // Then
        assertThat(progress.lagRecords()).isZero();
    }

    @Test
    void shouldNotGoBackWhenTheRecordBeforeAnUnreadableOneIsProcessedAfterIt() {
        // Given
        progress.polled(NOW, 6);
        progress.polledTo(7);
        progress.skipped(6);
        // When
        progress.processed(5, NOW, Long.MAX_VALUE);
        progress.endRead(7, clock.monotonicTime());
        // Then
        assertThat(progress.lagRecords()).isZero();
    }

    @Test
    void shouldPassWhatIsNoRecordBeforeTheFirstRecordComes() {
        // Given
        progress.committed(5);
        // When
        progress.polledTo(8);
        progress.endRead(8, clock.monotonicTime());
        // Then
        assertThat(progress.lagRecords()).isZero();
    }

    @Test
    void shouldSayHowLateTheEarliestDeadlineAfterARecordIs() {
        // Given
        progress.checked(NOW, Long.MAX_VALUE);
        // When
        progress.processed(10, NOW, NOW - 5_000);
        // Then
        assertThat(progress.overdueSeconds()).isEqualTo(5);
    }

    @Test
    void shouldSayHowLateTheEarliestDeadlineIs() {
        // Given
        progress.checked(NOW, NOW + 2_000);
        // When / Then
        assertThat(progress.overdueSeconds()).isZero();
        clock.add(Duration.ofSeconds(5));
        assertThat(progress.overdueSeconds()).isEqualTo(3);
    }
}
