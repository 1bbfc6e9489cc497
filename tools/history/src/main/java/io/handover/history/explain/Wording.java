package io.handover.history.explain;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How times, durations and long lines are written for a person. */
final class Wording {

    private static final DateTimeFormatter DATE = utc("uuuu-MM-dd");
    private static final DateTimeFormatter TIME = utc("HH:mm:ss.SSS");

    private static final long SECOND_MS = 1_000;
    private static final long MINUTE_S = 60;
    private static final long HOUR_MIN = 60;
    private static final long DAY_H = 24;

    private Wording() {}

    private static DateTimeFormatter utc(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    static String date(Instant time) {
        return DATE.format(time);
    }

    static String time(Instant time) {
        return TIME.format(time);
    }

    /** With its date only if that is another one than a reader has in mind. */
    static String time(Instant time, Instant near) {
        return date(time).equals(date(near)) ? time(time) : date(time) + ' ' + time(time);
    }

    /** As fine as matters: {@code 30 ms}, {@code 12.3 s}, {@code 4 min 20 s}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
    static String duration(long ms) {
        if (ms < SECOND_MS) {
            return ms + " ms";
        }
        long seconds = ms / SECOND_MS;
        if (seconds < MINUTE_S) {
            return seconds + "." + ms % SECOND_MS / 100 + " s";
        }
        long minutes = seconds / MINUTE_S;
        if (minutes < HOUR_MIN) {
            return of(minutes, "min", seconds % MINUTE_S, "s");
        }
        long hours = minutes / HOUR_MIN;
        return hours < 2 * DAY_H
                ? of(hours, "h", minutes % HOUR_MIN, "min")
                : of(hours / DAY_H, "d", hours % DAY_H, "h");
    }

    private static String of(long many, String large, long few, String small) {
        return many + " " + large + (few == 0 ? "" : " " + few + " " + small);
    }

    /** In lines of at most so many characters, broken at spaces, or anywhere in a word that is longer. */
    static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = printable(text);
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > 0 ? space : width;
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(space > 0 ? end + 1 : end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    /** Ids come from outside: nothing in them may move the cursor, or make the line read from right to left. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean obeyed = Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
            printable.append(obeyed ? '?' : c);
        }
        return printable.toString();
    }
}
