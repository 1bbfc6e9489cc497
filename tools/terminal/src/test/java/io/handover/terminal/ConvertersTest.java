package io.handover.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {

    @ParameterizedTest
    @CsvSource({
        "2026-01-15T10:00:00Z, 2026-01-15T10:00:00Z",
        "2026-01-15T10:00:00.5Z, 2026-01-15T10:00:00.500Z",
        "2026-01-15T11:00:00+01:00, 2026-01-15T10:00:00Z",
        "2026-01-15T10:00Z, 2026-01-15T10:00:00Z",
    })
    void shouldParseTimes(String text, Instant time) {
        assertThat(new InstantConverter().convert(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "2026-01-15", "2026-01-15T10:00:00", "+999999999-01-01T00:00:00Z"})
    void shouldRefuseWrongTimes(String text) {
        assertThatThrownBy(() -> new InstantConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a time like 2026-01-15T10:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "2s, PT2S", "1m, PT1M", "1h, PT1H", "0s, PT0S", "999999999h, PT999999999H"})
    void shouldParseDurations(String text, Duration duration) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "s", "-2s", "2 s", "2d", "2S", "1.5s", "1m30s", "9999999999s", "ms500"})
    void shouldRefuseWrongDurations(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a duration like 500ms, 2s, 1m or 1h");
    }
}
