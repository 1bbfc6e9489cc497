package io.handover.reference;

import io.handover.traffic.Choices;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.History;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Delivers the events of a history as EventBridge may do: late, out of order, or more than once. Only the subscribed
 * topics are delivered.
 *
 * @param mostDelayMs the longest delay of an event's first delivery
 * @param mostLateMs the longest delay of a repeated delivery, counted from the event; 0 for no repeated deliveries
 * @param lostOneIn one event in this number is lost, on average; 0 for no lost events
 * @param topics the subscribed topics
 */
public record UnreliableDelivery(long mostDelayMs, long mostLateMs, int lostOneIn, Set<Kind> topics) {

    private static final Set<Kind> ALL = Set.of(Kind.values());
    private static final int ANOTHER_ID_ONE_IN = 3;
    private static final int TWICE_ONE_IN = 5;

    /** Delivers each event once, at the moment when it happens. */
    public static final UnreliableDelivery NONE = new UnreliableDelivery(0, 0, 0, ALL);

    /** Delivers each event within {@code delayMs}, and some events again within {@code lateMs}. */
    public static UnreliableDelivery within(long delayMs, long lateMs) {
        return new UnreliableDelivery(delayMs, lateMs, 0, ALL);
    }

    /** Returns the same delivery for only these topics. */
    public UnreliableDelivery of(Set<Kind> subscribedTo) {
        return new UnreliableDelivery(mostDelayMs, mostLateMs, lostOneIn, Set.copyOf(subscribedTo));
    }

    /** Returns the same delivery, but one event in {@code oneIn} is lost. */
    public UnreliableDelivery losing(int oneIn) {
        return new UnreliableDelivery(mostDelayMs, mostLateMs, oneIn, topics);
    }

    /** Returns the arrivals, in the order of the log. */
    public List<Arrival> deliver(History history, Choices choices) {
        List<Arrival> arrivals = new ArrayList<>();
        for (GenesysEvent event : history.events()) {
            if (!topics.contains(event.kind()) || (lostOneIn > 0 && choices.oneIn(lostOneIn))) {
                continue;
            }
            String id = history.conversationId() + "-event-" + arrivals.size();
            long at = event.time() + upTo(mostDelayMs, choices);
            arrivals.add(new Arrival(at, event, id));
            while (mostLateMs > 0 && choices.oneIn(TWICE_ONE_IN)) {
                at += choices.oneIn(2) ? upTo(mostLateMs, choices) : upTo(mostDelayMs, choices);
                String again = choices.oneIn(ANOTHER_ID_ONE_IN) ? id + "-again-" + arrivals.size() : id;
                arrivals.add(new Arrival(Math.min(at, event.time() + mostLateMs), event, again));
            }
        }
        arrivals.sort(Comparator.comparingLong(Arrival::at));
        return arrivals;
    }

    private static long upTo(long most, Choices choices) {
        return most == 0 ? 0 : choices.between(0, Math.min(most, Integer.MAX_VALUE - 1));
    }
}
