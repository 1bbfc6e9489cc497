package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {

    private static final long START = 1_700_000_000_000L;

    private final Clocks clocks = new Clocks();
    private final SteadyTime time = new SteadyTime(clocks);

    @Test
    void shouldShowTheWallClock() {
        // Given
        assertThat(time.milliseconds()).isEqualTo(START);
        // When
        clocks.pass(250);
        // Then
        assertThat(time.milliseconds()).isEqualTo(START + 250);
    }

    @Test
    void shouldGoOnAtTheSamePaceWhenTheWallClockIsSetBack() {
        // Given
        assertThat(time.milliseconds()).isEqualTo(START);
        // When
        clocks.wall -= Duration.ofHours(2).toMillis();
        clocks.pass(250);
        // Then
        assertThat(time.milliseconds()).isEqualTo(START + 250);
    }

    @Test
    void shouldFollowWhenTheWallClockIsSetForward() {
        // Given
        assertThat(time.milliseconds()).isEqualTo(START);
        // When
        clocks.wall += 15_000;
        // Then
        assertThat(time.milliseconds()).isEqualTo(START + 15_000);
    }

    private static final class Clocks implements Time {

        private long wall = START;
        private long monotonicMs = 5;

        private void pass(long milliseconds) {
            wall += milliseconds;
            monotonicMs += milliseconds;
        }

        @Override
        public long milliseconds() {
            return wall;
        }

        @Override
        public long nanoseconds() {
            return Duration.ofMillis(monotonicMs).toNanos();
        }

        @Override
        public void sleep(long milliseconds) {
            pass(milliseconds);
        }

        @Override
        public void waitObject(Object object, Supplier<Boolean> condition, long deadline) {
            pass(deadline - wall);
        }
    }
}
