package io.handover.reference;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.History;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that reached the log.
 *
 * @param at the time of the log then
 * @param event what it tells
 * @param eventId EventBridge's id of it
 * @param replay the name of the archive replay that sent it, or null
 */
public record Arrival(
        long at,
        GenesysEvent event,
        String eventId,
        @Nullable String replay) {

    /** One that Genesys sent. */
    public Arrival(long at, GenesysEvent event, String eventId) {
        this(at, event, eventId, null);
    }

    /** The delivery itself. */
    public byte[] envelope() {
        return event.envelope(eventId, replay);
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
