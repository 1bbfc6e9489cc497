package io.handover.history.words;

import io.handover.schema.IsoTime;
import java.time.Instant;

/** Writes dates and times for people, in UTC. */
public final class TimeText {

    private TimeText() {}

    /** Writes {@code 2026-01-15}. */
    public static String date(Instant time) {
        String iso = IsoTime.format(time);
        return iso.substring(0, iso.indexOf('T'));
    }

    /** Writes {@code 10:00:00.000}. */
    public static String time(Instant time) {
        String iso = IsoTime.format(time);
        return iso.substring(iso.indexOf('T') + 1, iso.length() - 1);
    }

    /** Writes the time. If its date differs from the date of {@code other}, writes the date too. */
    public static String time(Instant time, Instant other) {
        return date(time).equals(date(other)) ? time(time) : dateAndTime(time);
    }

    /** Writes {@code 2026-01-15 10:00:00.000}. */
    public static String dateAndTime(Instant time) {
        return date(time) + ' ' + time(time);
    }
}
