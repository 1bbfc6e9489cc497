package io.handover.traffic;

import java.util.List;
import java.util.Locale;

/**
 * The true history of a conversation from its begin to its end.
 *
 * @param events all events, in the order in which they happened
 * @param services the sessions of the agents
 * @param handovers the number of handovers
 * @param apart whether more than every timeout passed between two handovers
 */
public record History(
        String conversationId, List<GenesysEvent> events, List<Service> services, int handovers, boolean apart) {

    public History {
        events = List.copyOf(events);
        services = List.copyOf(services);
    }

    /**
     * An agent's session.
     *
     * @param from when the agent was alerted
     * @param to when the agent was gone
     */
    public record Service(String agentId, long from, long to) {

        /** Returns whether the agent was there at this time. */
        public boolean isAt(long time) {
            return time >= from && time < to;
        }
    }

    /** Returns the time of the first event. */
    public long start() {
        return events.get(0).time();
    }

    /** Returns the time of the last event. */
    public long end() {
        return events.get(events.size() - 1).time();
    }

    /** Returns one line per event, with the seconds since the first one. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("what happened in ").append(conversationId).append(", in seconds:\n");
        for (GenesysEvent event : events) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %10.3f  #%d %s%n",
                    seconds(event.time(), start()),
                    event.handover(),
                    event.title()));
        }
        return text.toString();
    }

    public static double seconds(long time, long start) {
        return (time - start) / 1_000.0;
    }
}
