package io.handover.reference;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.History;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that reached the log.
 *
 * @param at the stream time after the delivery arrived, epoch ms
 * @param event the event in the delivery
 * @param eventId EventBridge's id of the delivery
 * @param replay the name of the archive replay that sent it, or null
 */
public record Arrival(
        long at,
        GenesysEvent event,
        String eventId,
        @Nullable String replay) implements LogEntry {

    /** Creates an arrival that no archive replay sent. */
    public Arrival(long at, GenesysEvent event, String eventId) {
        this(at, event, eventId, null);
    }

    /** Returns the body of the request that EventBridge sends for this delivery. */
    public byte[] envelope() {
        return event.envelope(eventId, replay);
    }

    /** Describes arrivals, one per line, with times in seconds since the start. */
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
