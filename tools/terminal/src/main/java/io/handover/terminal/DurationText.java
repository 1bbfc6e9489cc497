package io.handover.terminal;

import java.time.Duration;
import java.util.Locale;

/** Durations as people read them, in their two largest units. */
public final class DurationText {

    /** A space at which no line is broken. */
    public static final char NO_BREAK = '\u00a0';

    private static final long SECOND_MS = 1_000;
    private static final long MINUTE_MS = 60 * SECOND_MS;
    private static final long HOUR_MS = 60 * MINUTE_MS;
    private static final long DAY_MS = 24 * HOUR_MS;

    private DurationText() {}

    /** Writes {@code 8.0 s}, {@code 2 min 5 s}, {@code 3 h 20 min} or {@code 4 d 2 h}. In a column, they compare well. */
    public static String of(long ms) {
        if (ms < 0) {
            return '-' + of(-ms);
        }
        // What would be rounded to 60.0 s is a minute.
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

    /** Writes {@code 500 ms} and {@code 20 s} where {@link #of} writes {@code 0.5 s} and {@code 20.0 s}: for single durations. */
    public static String brief(long ms) {
        if (Math.abs(ms) < MINUTE_MS && ms % SECOND_MS == 0) {
            return ms / SECOND_MS + " s";
        }
        return Math.abs(ms) < SECOND_MS ? ms + " ms" : of(ms);
    }

    public static String brief(Duration duration) {
        return brief(duration.toMillis());
    }

    /** The given duration, with {@link #NO_BREAK} for its spaces. */
    public static String unbroken(String duration) {
        return duration.replace(' ', NO_BREAK);
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + ' ' + smallUnit);
    }
}
