package io.handover.reference;

import java.util.List;
import java.util.Locale;

/**
 * A delivery that reached the log.
 *
 * @param at the time of the log then
 * @param event what it tells
 * @param eventId EventBridge's id of it
 */
public record Arrival(long at, GenesysEvent event, String eventId) {

    /** The delivery itself. */
    public byte[] envelope() {
        return event.envelope(eventId);
    }

    /** An arrival a line, in seconds since a beginning. */
    public static String describe(List<Arrival> arrivals, long start) {
        StringBuilder text = new StringBuilder("what arrived:\n");
        for (Arrival arrival : arrivals) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %10.3f  %s of %.3f (%s)%n",
                    History.seconds(arrival.at(), start),
                    arrival.event().title(),
                    History.seconds(arrival.event().time(), start),
                    arrival.eventId()));
        }
        return text.toString();
    }
}
