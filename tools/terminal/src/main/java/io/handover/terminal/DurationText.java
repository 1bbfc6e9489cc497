package io.handover.terminal;

import java.time.Duration;
import java.util.Locale;

/** Formats durations for people, with at most two units. */
public final class DurationText {

    /** A no-break space, at which a line is not wrapped. */
    public static final char NO_BREAK = '\u00a0';

    private static final long SECOND_MS = 1_000;
    private static final long MINUTE_MS = 60 * SECOND_MS;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long DAY_MS = 24 * HOUR_MS;

    private DurationText() {}

    /**
     * Formats a duration as {@code 8.0 s}, {@code 2 min 5 s}, {@code 3 h 20 min} or {@code 4 d 2 h}. Seconds below a
     * minute always have one decimal, so that a column of durations is easy to compare.
     */
    public static String of(long ms) {
        if (ms < 0) {
            return '-' + of(-ms);
        }
        // A duration that rounds to 60.0 s is written as 1 min.
        if (ms < MINUTE_MS - SECOND_MS / 20) {
            return String.format(Locale.ROOT, "%.1f s", (double) ms / SECOND_MS);
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

    public static String of(Duration duration) {
        return of(duration.toMillis());
    }

    /**
     * Formats a duration like {@link #of}, but with {@code 500 ms} instead of {@code 0.5 s} and {@code 20 s} instead of
     * {@code 20.0 s}. Use it outside columns.
     */
    public static String brief(long ms) {
        if (Math.abs(ms) < MINUTE_MS && ms % SECOND_MS == 0) {
            return ms / SECOND_MS + " s";
        }
        return Math.abs(ms) < SECOND_MS ? ms + " ms" : of(ms);
    }

    public static String brief(Duration duration) {
        return brief(duration.toMillis());
    }

    /** Returns the text of a duration with {@link #NO_BREAK} instead of each space. */
    public static String unbroken(String duration) {
        return duration.replace(' ', NO_BREAK);
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + ' ' + smallUnit);
    }
}
