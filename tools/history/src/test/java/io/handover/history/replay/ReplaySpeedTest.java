package io.handover.history.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ReplaySpeedTest {

    private static final long FIRST_TIME = 1_700_000_000_000L;

    // close to where the clock of a JVM overflows
    private long nanos = Long.MAX_VALUE - 10;

    @ParameterizedTest
    @CsvSource({
        "realtime, 1000, 0, 1000",
        "realtime, 1000, 999, 1",
        "realtime, 1000, 1000, 0",
        "realtime, 1000, 5000, 0",
        "10x, 1000, 0, 100",
        "0.5x, 1000, 0, 2000",
        "3x, 1000, 0, 334",
        "max, 1000, 0, 0",
        "0.000001x, 31536000000000, 0, 31536000000000000000",
    })
    void shouldComputeWhenADeliveryIsDue(String speed, long laterThenMs, long laterNowMs, String untilDueMs) {
        // Given
        ReplaySpeed replaySpeed = new ReplaySpeed(new SpeedConverter().convert(speed), () -> nanos);
        assertThat(replaySpeed.millisUntil(FIRST_TIME)).isZero();
        // When
        nanos += Duration.ofMillis(laterNowMs).toNanos();
        // Then
        assertThat(replaySpeed.millisUntil(FIRST_TIME + laterThenMs))
                .isEqualTo((long) Math.min(Long.MAX_VALUE, Double.parseDouble(untilDueMs)));
    }

    @Test
    void shouldNeverBeEarly() {
        // Given
        ReplaySpeed replaySpeed = new ReplaySpeed(1, () -> nanos);
        replaySpeed.millisUntil(FIRST_TIME);
        // When
        nanos += Duration.ofSeconds(1).toNanos() - 1;
        // Then
        assertThat(replaySpeed.millisUntil(FIRST_TIME + 1_000)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "0x", "-1x", "10", "x", "1e3x", "1.x", "0.0x"})
    void shouldRefuseWrongSpeeds(String text) {
        // When / Then
        assertThatThrownBy(() -> new SpeedConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a speed like max, realtime, 10x or 0.5x");
    }
}
