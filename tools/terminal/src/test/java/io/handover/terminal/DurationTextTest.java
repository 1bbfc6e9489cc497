package io.handover.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "-1500, -1.5 s, -1.5 s",
        "-20, -0.0 s, -20 ms",
        "0, 0.0 s, 0 s",
        "999, 1.0 s, 999 ms",
        "1000, 1.0 s, 1 s",
        "1500, 1.5 s, 1.5 s",
        "20000, 20.0 s, 20 s",
        "59949, 59.9 s, 59.9 s",
        "59950, 1 min, 1 min",
        "60000, 1 min, 1 min",
        "260400, 4 min 20 s, 4 min 20 s",
        "3600000, 1 h, 1 h",
        "7500000, 2 h 5 min, 2 h 5 min",
        "86400000, 1 d, 1 d",
        "273600000, 3 d 4 h, 3 d 4 h"
    })
    void shouldWriteTheTwoLargestUnits(long ms, String text, String brief) {
        // When / Then
        assertThat(DurationText.of(ms)).isEqualTo(text);
        assertThat(DurationText.of(Duration.ofMillis(ms))).isEqualTo(text);
        assertThat(DurationText.brief(ms)).isEqualTo(brief);
        assertThat(DurationText.brief(Duration.ofMillis(ms))).isEqualTo(brief);
    }

    @Test
    void shouldKeepADurationOnOneLine() {
        // When / Then
        assertThat(DurationText.unbroken("4 min 20 s")).isEqualTo("4\u00a0min\u00a020\u00a0s");
    }
}
