package io.handover.schema;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Writes ISO-8601 times in UTC with milliseconds, and reads ISO-8601 times with any offset. */
public final class IsoTime {

    /** Always writes milliseconds. {@link Instant#toString()} omits them if they are zero. */
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final long LAST_MILLISECOND_OF_YEAR_9999 = 253_402_300_799_999L;

    /** The form of the fast path, up to the seconds. Each 0 stands for one digit. */
    private static final String FORM = "0000-00-00T00:00:00";

    private static final int MILLIS_LENGTH = 4;
    private static final long MILLIS_PER_DAY = 86_400_000;

    private IsoTime() {}

    /** Formats a time as {@code 2026-01-15T10:00:00.000Z}. */
    public static String format(Instant time) {
        return format(time.toEpochMilli());
    }

    /** Formats epoch milliseconds as {@code 2026-01-15T10:00:00.000Z}. */
    public static String format(long epochMillis) {
        return inRangeOrNull(epochMillis) == null
                ? MILLISECONDS.format(Instant.ofEpochMilli(epochMillis))
                : usual(epochMillis);
    }

    /** Formats on a fast path: every delivery and every command has such a time, and a formatter takes a microsecond. */
    private static String usual(long epochMillis) {
        LocalDate date = LocalDate.ofEpochDay(epochMillis / MILLIS_PER_DAY);
        int time = (int) (epochMillis % MILLIS_PER_DAY);
        byte[] text = (FORM + ".000Z").getBytes(StandardCharsets.ISO_8859_1);
        put(text, 4, date.getYear());
        put(text, 7, date.getMonthValue());
        put(text, 10, date.getDayOfMonth());
        put(text, 13, time / 3_600_000);
        put(text, 16, time / 60_000 % 60);
        put(text, 19, time / 1_000 % 60);
        put(text, 23, time % 1_000);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** Puts the digits of a number before this position. The text has enough zeros there. */
    private static void put(byte[] text, int end, int number) {
        for (int rest = number, at = end - 1; rest > 0; rest /= 10, at--) {
            text[at] = (byte) ('0' + rest % 10);
        }
    }

    /**
     * Parses an ISO-8601 time with an offset and returns epoch milliseconds.
     *
     * @throws DateTimeException if the text is not an ISO-8601 time with an offset
     * @throws ArithmeticException if the time does not fit into epoch milliseconds
     */
    public static long parse(String text) {
        return isUsual(text)
                ? usual(text)
                : OffsetDateTime.parse(text).toInstant().toEpochMilli();
    }

    /**
     * Parses an ISO-8601 time with an offset and returns epoch milliseconds.
     *
     * @return null if the text is null, cannot be parsed, or is not within the years 1970 to 9999
     */
    public static @Nullable Long parseOrNull(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return inRangeOrNull(parse(text));
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /**
     * Returns the given time, or null if the time is not within the years 1970 to 9999. {@link #format} would write a
     * later year with more than four digits.
     */
    static @Nullable Long inRangeOrNull(long epochMillis) {
        return epochMillis >= 0 && epochMillis <= LAST_MILLISECOND_OF_YEAR_9999 ? epochMillis : null;
    }

    /**
     * Whether the text has the form {@code 2026-01-15T10:00:00Z} (EventBridge) or {@code 2026-01-15T10:00:00.000Z}
     * (Genesys). These two forms are parsed on a fast path.
     */
    private static boolean isUsual(String text) {
        int length = text.length();
        int fraction = length - FORM.length() - 1;
        if ((fraction != 0 && fraction != MILLIS_LENGTH) || text.charAt(length - 1) != 'Z') {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char expected = FORM.charAt(i);
            if (expected == '0' ? !isDigit(text.charAt(i)) : text.charAt(i) != expected) {
                return false;
            }
        }
        return fraction == 0
                || (text.charAt(19) == '.'
                        && isDigit(text.charAt(20))
                        && isDigit(text.charAt(21))
                        && isDigit(text.charAt(22)));
    }

    private static long usual(String text) {
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            throw new DateTimeException("no time of a day");
        }
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        int millis = text.length() > FORM.length() + 1 ? number(text, 20, 23) : 0;
        return (((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + millis;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}
