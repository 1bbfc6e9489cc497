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
 * A conversation that is made up: what truly happens in it, and how that is delivered. Most arrives within a second or
 * two; little comes minutes late, some twice.
 *
 * @param history with the names of the model, such as {@code anna}
 * @param deliveries with ids as Genesys gives them, in the order in which they arrive
 */
record GeneratedConversation(History history, List<GeneratedDelivery> deliveries) {

    /** A transfer timeout is chosen among such: between a second and this, one agent follows another. */
    static final Tempo TEMPO = Tempo.HUMAN.withGaps(90_000);

    private static final int LATE_ONE_IN = 1_000;
    private static final int REDELIVERED_ONE_IN = 100;
    private static final int REPUBLISHED_ONE_IN = 500;
    private static final int FIVE_MINUTES_MS = 300_000;
    private static final int DAY_MS = 86_400_000;

    /**
     * Who works for the organisation.
     *
     * @param agents their ids
     * @param queues their ids
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

    /** The conversation that begins then; the same for the same seed. */
    static GeneratedConversation of(Organization organization, long seed, long beginMs) {
        SplittableRandom random = new SplittableRandom(seed);
        History history = HistoryGenerator.generate(TEMPO, random::nextInt, uuid(random), beginMs);
        Naming naming = new Naming(organization, random);
        List<GeneratedDelivery> deliveries = new ArrayList<>();
        for (GenesysEvent event : history.events()) {
            deliver(naming.named(event), random, deliveries);
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
            // EventBridge did not get the answer in time, and tries again.
            deliveries.add(new GeneratedDelivery(time + mostlyLess(FIVE_MINUTES_MS, random), event, first));
        }
        if (random.nextInt(REPUBLISHED_ONE_IN) == 0) {
            // Genesys did not, and publishes it again: for EventBridge that is another event.
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

    /** As many of two seconds as of minutes or hours. */
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

    /** Gives what the model calls {@code anna}, {@code queue-1} or {@code anna-3} the ids of Genesys. */
    private static final class Naming {

        private final Organization organization;
        private final SplittableRandom random;
        private final Map<String, String> ids = new HashMap<>();

        private Naming(Organization organization, SplittableRandom random) {
            this.organization = organization;
            this.random = random;
        }

        private GenesysEvent named(GenesysEvent event) {
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
