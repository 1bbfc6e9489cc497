package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BrokerTimeTest {

    private static final Duration AGE = Duration.ofMinutes(5);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:06.789Z");

    private final AtomicLong nanos = new AtomicLong();
    private final BrokerTime time = new BrokerTime(nanos::get);

    @Test
    void shouldKnowNothingAtFirst() {
        // When / Then
        assertThat(time.isKnown()).isFalse();
        assertThat(time.isPast(Instant.EPOCH, AGE)).isFalse();
    }

    @Test
    void shouldGoOnFromTheLastAcknowledgedRecord() {
        // Given
        time.acknowledged(NOW.toEpochMilli());

        // When
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());

        // Then
        assertThat(time.isKnown()).isTrue();
        assertThat(time.isPast(NOW.minus(Duration.ofMinutes(3)), AGE)).isFalse();
        assertThat(time.isPast(NOW.minus(Duration.ofMinutes(3)).minusMillis(1), AGE))
                .isTrue();
    }

    @Test
    void shouldFollowTheBroker() {
        // Given
        time.acknowledged(NOW.toEpochMilli());

        // When
        time.acknowledged(NOW.minus(Duration.ofHours(2)).toEpochMilli());

        // Then
        assertThat(time.isPast(NOW.minus(Duration.ofHours(1)), AGE)).isFalse();
        assertThat(time.isPast(NOW.minus(Duration.ofHours(3)), AGE)).isTrue();
    }
}
