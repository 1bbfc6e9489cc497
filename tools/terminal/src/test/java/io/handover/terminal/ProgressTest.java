package io.handover.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    // close to where the clock of a JVM overflows
    private long nanos = Long.MAX_VALUE - 10;

    @Test
    void shouldShowNothingIfTheCommandEndsAtOnce() {
        // Given
        Progress progress = progress(false, "deliveries", 10);

        // When
        advance(progress, Duration.ofMillis(1_999), 10);
        progress.done();

        // Then
        assertThat(shown()).isEmpty();
    }

    @Test
    void shouldShowCountSpeedAndRemainingTime() {
        // Given
        Progress progress = progress(false, "conversations", 250_000).at(() -> "2026-03-02T08:00:00Z");

        // When
        advance(progress, Duration.ofSeconds(10), 20_000);

        // Then
        assertThat(shown())
                .isEqualTo("  20,000 of 250,000 conversations (8 %), 2,000/s, 1 min 55 s left, 2026-03-02T08:00:00Z"
                        + System.lineSeparator());
    }

    @Test
    void shouldEstimateNothingIfTheTotalIsUnknown() {
        // Given
        Progress progress = progress(false, "deliveries", Progress.UNKNOWN);

        // When
        advance(progress, Duration.ofSeconds(10), 35);

        // Then
        assertThat(shown().strip()).isEqualTo("35 deliveries, 3.5/s");
    }

    @Test
    void shouldEstimateByTheFractionDoneSinceTheStart() {
        // Given
        double[] share = {0.5};
        Progress progress = progress(false, "deliveries", Progress.UNKNOWN).ofAll(() -> share[0]);

        // When
        share[0] = 0.6;
        advance(progress, Duration.ofSeconds(10), 35);

        // Then
        assertThat(shown().strip()).isEqualTo("35 deliveries, 3.5/s, 60 %, 40 s left");
    }

    @Test
    void shouldEstimateNothingIfTheFractionIsUnknown() {
        // Given
        Progress progress = progress(false, "deliveries", Progress.UNKNOWN).ofAll(() -> -1);

        // When
        advance(progress, Duration.ofSeconds(10), 35);

        // Then
        assertThat(shown().strip()).isEqualTo("35 deliveries, 3.5/s");
    }

    @Test
    void shouldEstimateNothingBeforeAnythingIsDone() {
        // Given
        Progress progress = progress(false, "deliveries", 10);

        // When
        advance(progress, Duration.ofSeconds(10), 0);

        // Then
        assertThat(shown().strip()).isEqualTo("0 of 10 deliveries (0 %), 0.0/s");
    }

    @Test
    void shouldShowHours() {
        // Given
        Progress progress = progress(false, "deliveries", 7_501);

        // When
        advance(progress, Duration.ofSeconds(2), 2);

        // Then
        assertThat(shown()).contains(", 2 h 5 min left");
    }

    @Test
    void shouldShowALineEveryFiveSeconds() {
        // Given
        Progress progress = progress(false, "deliveries", Progress.UNKNOWN);

        // When
        for (int i = 0; i < 13; i++) {
            advance(progress, Duration.ofSeconds(1), 1);
        }
        progress.done();

        // Then
        assertThat(shown().lines().map(String::strip))
                .containsExactly("2 deliveries, 1.0/s", "7 deliveries, 1.0/s", "12 deliveries, 1.0/s");
    }

    @Test
    void shouldRedrawOneLineOnATerminalAndEraseItAtTheEnd() {
        // Given
        Progress progress = progress(true, "deliveries", Progress.UNKNOWN);

        // When
        advance(progress, Duration.ofSeconds(2), 2);
        advance(progress, Duration.ofMillis(249), 1);
        advance(progress, Duration.ofMillis(1), 6);
        progress.done();
        progress.done();

        // Then
        assertThat(shown()).isEqualTo("\r\033[K  2 deliveries, 1.0/s\r\033[K  9 deliveries, 4.0/s\r\033[K");
    }

    private Progress progress(boolean terminal, String label, long total) {
        return new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), terminal, () -> nanos, label, total);
    }

    private void advance(Progress progress, Duration time, long more) {
        nanos += time.toNanos();
        progress.advanced(more);
    }

    private String shown() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
