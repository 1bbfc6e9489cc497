package io.handover.history.generate;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Publication;
import io.handover.traffic.Tempo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A generated conversation: its true events, and their deliveries. Most deliveries arrive within two seconds, a few
 * arrive minutes late, and some arrive twice.
 *
 * @param history the true events, with the names of the generator, such as {@code anna}
 * @param deliveries the deliveries, with ids like those of Genesys, in the order of arrival
 */
record GeneratedConversation(History history, List<GeneratedDelivery> deliveries) {

    /**
     * The tempo of people, with gaps of up to 90 s between two agents. Transfer timeouts are chosen in the same range.
     */
    static final Tempo TEMPO = Tempo.HUMAN.withGaps(90_000);

    private static final int LATE_ONE_IN = 1_000;
    private static final int REDELIVERED_ONE_IN = 100;
    private static final int REPUBLISHED_ONE_IN = 500;
    private static final int FIVE_MINUTES_MS = 300_000;
    private static final int DAY_MS = 86_400_000;

    /**
     * The agents and queues of the organisation.
     *
     * @param agents the ids of the agents
     * @param queues the ids of the queues
     */
    record Organization(List<String> agents, List<String> queues) {

        private static final int AGENTS = 400;
        private static final int QUEUES = 12;

        static Organization of(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            Supplier<String> ids = () -> uuid(random);
            return new Organization(
                    Stream.generate(ids).limit(AGENTS).toList(),
                    Stream.generate(ids).limit(QUEUES).toList());
        }
    }

    /**
     * Generates a conversation. The same arguments give the same conversation.
     *
     * @param beginMs when the conversation begins, epoch ms
     */
    static GeneratedConversation of(Organization organization, long seed, long beginMs) {
        SplittableRandom random = new SplittableRandom(seed);
        History history = HistoryGenerator.generate(TEMPO, random::nextInt, uuid(random), beginMs);
        GenesysIds ids = new GenesysIds(organization, random);
        List<GeneratedDelivery> deliveries = new ArrayList<>();
        for (GenesysEvent event : history.events()) {
            deliver(ids.replaceNames(event), random, deliveries);
        }
        deliveries.sort(Comparator.comparingLong(GeneratedDelivery::at));
        return new GeneratedConversation(history, deliveries);
    }

    private static void deliver(GenesysEvent event, SplittableRandom random, List<GeneratedDelivery> deliveries) {
        long sentAt = event.time() + 260 + random.nextInt(121);
        long time = sentAt + delay(random);
        Publication first = new Publication(uuid(random), uuid(random), sentAt, time, null);
        deliveries.add(new GeneratedDelivery(time, event, first));
        if (random.nextInt(REDELIVERED_ONE_IN) == 0) {
            // Redelivery: EventBridge got no answer in time, and sends the same event again.
            deliveries.add(new GeneratedDelivery(time + mostlyLess(FIVE_MINUTES_MS, random), event, first));
        }
        if (random.nextInt(REPUBLISHED_ONE_IN) == 0) {
            // Second publication: Genesys publishes the event again, and EventBridge gives it another id.
            long again = time + mostlyLess(DAY_MS, random);
            Publication second = new Publication(uuid(random), first.correlationId(), sentAt, again, null);
            deliveries.add(new GeneratedDelivery(again, event, second));
        }
    }

    private static long delay(SplittableRandom random) {
        if (random.nextInt(LATE_ONE_IN) == 0) {
            return mostlyLess(FIVE_MINUTES_MS, random);
        }
        return random.nextInt(random.nextInt(10) == 0 ? 2_000 : 700);
    }

    /**
     * Returns a random delay of at most {@code mostMs}, in ms. The limit is first halved a random number of times, so
     * delays of a few seconds are as frequent as delays near {@code mostMs}.
     */
    private static int mostlyLess(int mostMs, SplittableRandom random) {
        int halvings = Integer.SIZE - Integer.numberOfLeadingZeros(mostMs / 2_000);
        int most = mostMs >> random.nextInt(halvings);
        return most - random.nextInt(most / 2);
    }

    /** Returns a random UUID (version 4). */
    private static String uuid(SplittableRandom random) {
        long most = (random.nextLong() & ~0xF000L) | 0x4000L;
        long least = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(most, least).toString();
    }

    /** Replaces the names of the generator, such as {@code anna} or {@code queue-1}, by ids like those of Genesys. */
    private static final class GenesysIds {

        private final Organization organization;
        private final SplittableRandom random;
        private final Map<String, String> ids = new HashMap<>();

        private GenesysIds(Organization organization, SplittableRandom random) {
            this.organization = organization;
            this.random = random;
        }

        private GenesysEvent replaceNames(GenesysEvent event) {
            return event.named(
                    ids.computeIfAbsent(event.session(), session -> uuid(random)),
                    oneOf(organization.agents(), event.agentId()),
                    oneOf(organization.queues(), event.queueId()));
        }

        private @Nullable String oneOf(List<String> all, @Nullable String name) {
            return name == null ? null : ids.computeIfAbsent(name, any -> all.get(random.nextInt(all.size())));
        }
    }
}
