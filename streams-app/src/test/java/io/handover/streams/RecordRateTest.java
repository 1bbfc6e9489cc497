package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordRateTest {

    private final RecordRate rate = new RecordRate();

    @Test
    void shouldBeZeroUntilTwoSamples() {
        assertThat(rate.perSecond()).isZero();
        rate.sample(5, 1_000);
        assertThat(rate.perSecond()).isZero();
    }

    @Test
    void shouldCountTheLastTenSeconds() {
        // Given
        for (int second = 0; second <= 20; second++) {
            rate.sample(second * 10L, second * 1_000L);
        }
        assertThat(rate.perSecond()).isEqualTo(10);
        // When
        for (int second = 21; second <= 25; second++) {
            rate.sample(200, second * 1_000L);
        }
        // Then
        assertThat(rate.perSecond()).isEqualTo(5);
    }

    @Test
    void shouldNotBeNegativeIfTheClockWasSetBack() {
        rate.sample(10, 5_000);
        rate.sample(20, 4_000);
        assertThat(rate.perSecond()).isZero();
    }
}
