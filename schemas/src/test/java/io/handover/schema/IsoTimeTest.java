package io.handover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {

    private static final String CHARACTERS = "00112233456789-:.TZtz+ ";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "2026-01-15T10:00:00Z",
                "2026-01-15T10:00:00.123Z",
                "2026-12-31T23:59:59.999Z",
                "2024-02-29T00:00:00Z",
                "2100-02-28T12:34:56Z",
                "0000-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z",
                "2026-01-15T10:00Z",
                "2026-01-15t10:00:00z",
                "2026-01-15T10:00:00.5Z",
                "2026-01-15T10:00:00.123456Z",
                "2026-01-15T11:00:00+01:00",
                "2026-01-15T11:00:00.000+01:00",
            })
    void shouldReadTimesAsJavaDoes(String text) {
        assertThat(IsoTime.parse(text))
                .isEqualTo(OffsetDateTime.parse(text).toInstant().toEpochMilli());
    }

    @Test
    void shouldReadDaysOfEveryKindOfYear() {
        for (Instant day = Instant.parse("1890-01-01T01:02:03Z");
                day.isBefore(Instant.parse("2110-01-01T00:00:00Z"));
                day = day.plusSeconds(5 * 86_400)) {
            assertThat(IsoTime.parse(day.toString())).isEqualTo(day.toEpochMilli());
        }
    }

    @Test
    void shouldReadAnyTextAsJavaDoes() {
        // Given
        Random random = new Random(1);
        int readable = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text =
                    new StringBuilder(random.nextBoolean() ? "2026-01-15T10:00:00Z" : "2024-02-29T23:59:59.999Z");
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
            // When
            Object read = millis(text.toString(), true);
            // Then
            assertThat(read).as("%s", text).isEqualTo(millis(text.toString(), false));
            readable += read instanceof Long ? 1 : 0;
        }
        assertThat(readable).isBetween(5_000, 15_000);
    }

    @Test
    void shouldWriteEveryTimeThatItReads() {
        // Given
        Random random = new Random(20_260_115);
        for (int i = 0; i < 20_000; i++) {
            long epochMillis = (long) (random.nextDouble() * 253_402_300_800_000L);
            // When / Then
            assertThat(IsoTime.parse(IsoTime.format(epochMillis))).isEqualTo(epochMillis);
        }
        assertThat(IsoTime.format(-1)).isEqualTo("1969-12-31T23:59:59.999Z");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            0,             1970-01-01T00:00:00.000Z
            1768471200007, 2026-01-15T10:00:00.007Z
            253402300799999, 9999-12-31T23:59:59.999Z
            """)
    void shouldAlwaysWriteMilliseconds(long epochMillis, String text) {
        assertThat(IsoTime.format(epochMillis)).isEqualTo(text);
        assertThat(IsoTime.format(Instant.ofEpochMilli(epochMillis))).isEqualTo(text);
        assertThat(IsoTime.parse(text)).isEqualTo(epochMillis);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "soon", "2026-01-15T10:00:00", "1969-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"})
    void shouldReadAnyOtherTextAsAbsent(@Nullable String text) {
        assertThat(IsoTime.parseOrNull(text)).isNull();
    }

    private static Object millis(String text, boolean shortCut) {
        try {
            return shortCut
                    ? IsoTime.parse(text)
                    : OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            return "no time";
        }
    }
}
