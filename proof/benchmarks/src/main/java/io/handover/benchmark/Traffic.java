package io.handover.benchmark;

import io.handover.traffic.Choices;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;

/**
 * Conversations of real people that begin one after the other, as deliveries in the order of their time. All ids are
 * UUIDs, as in Genesys. The same seed gives the same traffic.
 */
final class Traffic {

    private static final int AGENTS = 400;

    private final PriorityQueue<GenesysEvent> waiting =
            new PriorityQueue<>(Comparator.comparingLong(GenesysEvent::time));
    private final Map<String, String> ids = new HashMap<>();
    private final Choices choices;
    private final long seed;
    private final long beginsMs;
    private final double everyMs;
    private int begun;

    /**
     * Creates the traffic.
     *
     * @param beginsMs when the first conversation begins, epoch ms
     * @param conversationsPerSecond how many begin per second
     */
    Traffic(long seed, long beginsMs, double conversationsPerSecond) {
        this.seed = seed;
        this.choices = Choices.seeded(seed);
        this.beginsMs = beginsMs;
        this.everyMs = 1_000 / conversationsPerSecond;
    }

    /** The next event. The traffic has no end. */
    GenesysEvent next() {
        while (waiting.isEmpty() || waiting.peek().time() >= begins()) {
            begin();
        }
        return waiting.remove();
    }

    private long begins() {
        return beginsMs + Math.round(begun * everyMs);
    }

    private void begin() {
        String conversation = uuid("conversation-" + begun);
        int team = choices.below(AGENTS);
        ids.clear();
        for (GenesysEvent event : HistoryGenerator.generate(Tempo.HUMAN, choices, conversation, begins())
                .events()) {
            waiting.add(event.named(
                    id(conversation + event.session()),
                    event.agentId() == null ? null : id(event.agentId() + team),
                    event.queueId() == null ? null : id(event.queueId())));
        }
        begun++;
    }

    private String id(String name) {
        return ids.computeIfAbsent(name, this::uuid);
    }

    private String uuid(String name) {
        return UUID.nameUUIDFromBytes((seed + "|" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
