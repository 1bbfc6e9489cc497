package io.handover.traffic;

import java.util.List;
import java.util.Locale;

/**
 * The true history of a conversation, from its first event to its last event.
 *
 * @param events all events, in the order of their event times
 * @param services the sessions of the agents
 * @param handovers the number of handovers
 * @param apart whether the time between any two consecutive handovers is longer than every timeout
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
     * @param from the time at which the agent was alerted, epoch ms
     * @param to the time from which the agent was gone, epoch ms
     */
    public record Service(String agentId, long from, long to) {

        /** Returns whether the agent was alerted or served at this time, epoch ms. */
        public boolean isAt(long time) {
            return time >= from && time < to;
        }
    }

    /** Returns the time of the first event, epoch ms. */
    public long start() {
        return events.get(0).time();
    }

    /** Returns the time of the last event, epoch ms. */
    public long end() {
        return events.get(events.size() - 1).time();
    }

    /** Returns one line per event, with the seconds since the first event. */
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
