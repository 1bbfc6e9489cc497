package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapacityTest {

    private final Capacity capacity = new Capacity(2, 100, 1);

    @Test
    void shouldReportTooManyRequestsUntilOneIsAnswered() {
        // Given
        capacity.requestStarted();
        capacity.requestStarted();
        boolean atTheLimit = capacity.hasTooManyRequests();
        capacity.requestStarted();
        boolean beyondTheLimit = capacity.hasTooManyRequests();

        // When
        capacity.requestAnswered();

        // Then
        assertThat(atTheLimit).isFalse();
        assertThat(beyondTheLimit).isTrue();
        assertThat(capacity.hasTooManyRequests()).isFalse();
    }

    @Test
    void shouldReserveNothingBeyondTheLimitOfBytes() {
        // Given
        boolean first = capacity.tryAcquireBytes(80);

        // When
        boolean tooMany = capacity.tryAcquireBytes(21);

        // Then
        assertThat(first).isTrue();
        assertThat(tooMany).isFalse();
        assertThat(capacity.tryAcquireBytes(20)).isTrue();
    }

    @Test
    void shouldAcquireASlotAgainAfterItsRelease() {
        // Given
        boolean first = capacity.tryAcquireSlot();
        boolean second = capacity.tryAcquireSlot();

        // When
        capacity.releaseSlot();

        // Then
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(capacity.tryAcquireSlot()).isTrue();
    }
}
