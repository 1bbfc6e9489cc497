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
 * The conversations of a run. A conversation is generated when it is needed. The same number always gives the same
 * conversation, so no conversation is kept.
 *
 * @param seed the seed of all conversations
 * @param startMs when the first conversation begins, epoch ms
 * @param everyMs the time between the beginnings of two conversations
 * @param tempo how fast the people act
 * @param delivery how late deliveries are without faults
 */
record Script(long seed, long startMs, double everyMs, Tempo tempo, UnreliableDelivery delivery) {

    /** A factor that spreads small seeds over all longs: the golden ratio, as in SplittableRandom. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /**
     * Conversations that begin within this time have the same agents. So all agents are new at first, and Genesys is asked
     * for some in every second of a run.
     */
    private static final int TEAM_MS = 5_000;

    /** One conversation in this number falls silent: Genesys publishes no more of its events. */
    private static final int SILENT_ONE_IN = 20;

    /**
     * A conversation.
     *
     * @param history what truly happens in the conversation
     * @param planned the deliveries of the conversation, each at the time of its first attempt
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

    /** Returns when the conversation with this number begins, epoch ms. */
    long beginMs(int number) {
        return startMs + Math.round(number * everyMs);
    }

    /** Returns a conversation by its number, from 0. */
    Conversation conversation(int number) {
        Choices choices = Choices.seeded(seed * SPREAD + number);
        long team = (beginMs(number) - startMs) / TEAM_MS;
        History history =
                withTeam(HistoryGenerator.generate(tempo, choices, idOf(number), beginMs(number)), "-" + team);
        List<Arrival> planned = delivery.deliver(history, choices);
        boolean fallsSilent = choices.oneIn(SILENT_ONE_IN);
        return new Conversation(history, fallsSilent ? planned.subList(0, 1 + choices.below(planned.size())) : planned);
    }

    /** Returns the same history with agents of a team. */
    private static History withTeam(History history, String team) {
        return new History(
                history.conversationId(),
                history.events().stream()
                        .map(event -> event.agentId() == null
                                ? event
                                : event.named(event.session(), event.agentId() + team, event.queueId()))
                        .toList(),
                history.services().stream()
                        .map(service -> new History.Service(service.agentId() + team, service.from(), service.to()))
                        .toList(),
                history.handovers(),
                history.apart());
    }

    private String idOf(int number) {
        return new UUID(seed * SPREAD, number).toString();
    }

    /** Returns the number of the conversation with this id, or nothing if the conversation is not of this run. */
    Optional<Integer> numberOf(String id) {
        try {
            int number = (int) UUID.fromString(id).getLeastSignificantBits();
            return idOf(number).equals(id) ? Optional.of(number) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
