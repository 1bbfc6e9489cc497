package io.handover.traffic;

import java.util.List;
import java.util.Locale;

/**
 * What truly happened in a conversation, from beginning to end.
 *
 * @param events what Genesys publishes of it, in the order in which it happened
 * @param services when agents were there
 * @param handovers how often the bot handed over
 * @param apart whether every handover was over for longer than any timeout before the next one began
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

        /** Whether the agent was there at that time. */
        public boolean isAt(long time) {
            return time >= from && time < to;
        }
    }

    /** When it began. */
    public long start() {
        return events.get(0).time();
    }

    /** When the last thing happened in it. */
    public long end() {
        return events.get(events.size() - 1).time();
    }

    /** An event a line, in seconds since the beginning. */
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
