package io.handover.history.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers, durations and times as texts for people. */
final class ReportWords {

    /** Stands between a number and its unit, so that no line breaks there. */
    static final char NO_BREAK = '\u00a0';

    /** Stands where there is no value. */
    static final String NONE = "–";

    private static final double PERCENT = 100;
    private static final double LEAST_PERCENT = 0.1;
    private static final long SECOND_MS = 1_000;
    private static final long MINUTE_MS = 60 * SECOND_MS;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long DAY_MS = 24 * HOUR_MS;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ReportWords() {}

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 1 handover}, {@code 2 handovers}. */
    static String count(long count, String noun) {
        return count(count) + ' ' + noun + (count == 1 ? "" : "s");
    }

    /** {@code 1.1 %}; a few are never rounded to none, nor nearly all to all. */
    static String share(long part, long all) {
        if (all == 0) {
            return NONE;
        }
        double percent = PERCENT * part / all;
        if (part > 0 && percent < LEAST_PERCENT) {
            return "<0.1" + NO_BREAK + '%';
        }
        if (part < all && percent > PERCENT - LEAST_PERCENT) {
            return ">99.9" + NO_BREAK + '%';
        }
        return String.format(Locale.ROOT, "%.1f%c%%", percent, NO_BREAK);
    }

    /** {@code 8.0 s}, {@code 2 min 5 s}, {@code 3 h 20 min}, {@code 4 d 2 h}. */
    static String duration(long ms) {
        if (ms < 0) {
            return '-' + duration(-ms);
        }
        if (ms < MINUTE_MS - SECOND_MS / 20) {
            return String.format(Locale.ROOT, "%.1f%cs", (double) ms / SECOND_MS, NO_BREAK);
        }
        if (ms < HOUR_MS) {
            long seconds = Math.round((double) ms / SECOND_MS);
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        long minutes = Math.round((double) ms / MINUTE_MS);
        return ms < DAY_MS
                ? two(minutes / 60, "h", minutes % 60, "min")
                : two(minutes / (24 * 60), "d", minutes / 60 % 24, "h");
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        String both = large + " " + largeUnit + (small == 0 ? "" : " " + small + ' ' + smallUnit);
        return both.replace(' ', NO_BREAK);
    }

    /** A short form for labels: {@code 500 ms}, {@code 20 s}, {@code 1 min 30 s}. */
    static String round(long ms) {
        if (ms >= MINUTE_MS) {
            return duration(ms);
        }
        return ms % SECOND_MS == 0 ? ms / SECOND_MS + (NO_BREAK + "s") : ms + (NO_BREAK + "ms");
    }

    /** The time in UTC, to the second. */
    static String time(Instant time) {
        return TIME.format(time);
    }

    /** Replaces control characters, which could move a terminal's cursor: the ids in deliveries are not trusted. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(plain::appendCodePoint);
        return plain.toString();
    }

    static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + '…';
    }
}
