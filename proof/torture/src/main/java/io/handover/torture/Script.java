package io.handover.torture;

import io.handover.reference.Arrival;
import io.handover.reference.UnreliableDelivery;
import io.handover.torture.PlannedDelivery.Repetition;
import io.handover.traffic.Choices;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The conversations of a run. Each is generated on demand, always the same for its number, so that none needs to be kept.
 *
 * @param seed the seed of all conversations
 * @param startMs when the first conversation begins, epoch ms
 * @param everyMs the time between the beginnings of two conversations
 * @param tempo the times of the people
 * @param delivery how late deliveries are without faults
 */
record Script(long seed, long startMs, double everyMs, Tempo tempo, UnreliableDelivery delivery) {

    /** Spreads seeds and numbers over all longs (the golden ratio, as SplittableRandom does). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /**
     * A conversation.
     *
     * @param history what truly happens in it
     * @param planned its deliveries, at the times when they are sent
     */
    record Conversation(History history, List<Arrival> planned) {

        Conversation {
            planned = List.copyOf(planned);
        }

        String id() {
            return history.conversationId();
        }

        /** The planned deliveries, ordered by time. */
        List<PlannedDelivery> deliveries() {
            Set<String> ids = new HashSet<>();
            Set<GenesysEvent> events = new HashSet<>();
            List<PlannedDelivery> deliveries = new ArrayList<>();
            for (Arrival arrival : planned) {
                boolean newId = ids.add(arrival.eventId());
                boolean newEvent = events.add(arrival.event());
                Repetition repetition = !newId ? Repetition.SAME_ID : newEvent ? Repetition.FIRST : Repetition.NEW_ID;
                deliveries.add(new PlannedDelivery(arrival, repetition));
            }
            return deliveries;
        }
    }

    /** Returns when that conversation begins, epoch ms. */
    long beginMs(int number) {
        return startMs + Math.round(number * everyMs);
    }

    /** Returns a conversation by its number, from 0. */
    Conversation conversation(int number) {
        Choices choices = Choices.seeded(seed * SPREAD + number);
        History history = HistoryGenerator.generate(tempo, choices, idOf(number), beginMs(number));
        return new Conversation(history, delivery.deliver(history, choices));
    }

    private String idOf(int number) {
        return new UUID(seed * SPREAD, number).toString();
    }

    /** Returns the number of the conversation with that id, if it belongs to this run. */
    Optional<Integer> numberOf(String id) {
        try {
            int number = (int) UUID.fromString(id).getLeastSignificantBits();
            return idOf(number).equals(id) ? Optional.of(number) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
