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
 * A generated conversation: what truly happens, and the deliveries of it. Most deliveries arrive within two seconds, a
 * few arrive minutes late, and some arrive twice.
 *
 * @param history what happens, with the names of the generator, such as {@code anna}
 * @param deliveries the deliveries with ids like those of Genesys, in the order of arrival
 */
record GeneratedConversation(History history, List<GeneratedDelivery> deliveries) {

    /** People's tempo with gaps of 1 to 90 s between two agents, the range in which transfer timeouts are chosen. */
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

    /** Generates the conversation that begins at this time. The same seed gives the same conversation. */
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
            // EventBridge got no answer in time and delivers the event again.
            deliveries.add(new GeneratedDelivery(time + mostlyLess(FIVE_MINUTES_MS, random), event, first));
        }
        if (random.nextInt(REPUBLISHED_ONE_IN) == 0) {
            // Genesys publishes the event again; for EventBridge that is another event.
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

    /** Chooses each order of magnitude from two seconds up to the limit equally often. */
    private static int mostlyLess(int mostMs, SplittableRandom random) {
        int halvings = Integer.SIZE - Integer.numberOfLeadingZeros(mostMs / 2_000);
        int most = mostMs >> random.nextInt(halvings);
        return most - random.nextInt(most / 2);
    }

    /** A random UUID (version 4). */
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
