package io.handover.history.report;

import io.handover.terminal.DurationText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes numbers, durations and times as texts for people. */
final class ReportWords {

    /** The space between a number and its unit. It prevents a line break there. */
    static final char NO_BREAK = DurationText.NO_BREAK;

    /** The text in place of a missing value. */
    static final String NONE = "–";

    private static final double PERCENT = 100;
    private static final double LEAST_PERCENT = 0.1;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private ReportWords() {}

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Writes {@code 1 handover} or {@code 2 handovers}. */
    static String count(long count, String noun) {
        return count(count) + ' ' + noun + (count == 1 ? "" : "s");
    }

    /**
     * Writes {@code 1.1 %}. A part above 0 is never rounded to 0 %, and an incomplete part is never rounded to 100 %.
     */
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

    /** Writes {@link DurationText#of(long)} without possible line breaks. */
    static String duration(long ms) {
        return DurationText.unbroken(DurationText.of(ms));
    }

    /** Writes {@link DurationText#brief(long)} without possible line breaks. */
    static String brief(long ms) {
        return DurationText.unbroken(DurationText.brief(ms));
    }

    /** Writes a time in UTC, without fractions of a second. */
    static String time(Instant time) {
        return TIME.format(time);
    }

    static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + '…';
    }
}
