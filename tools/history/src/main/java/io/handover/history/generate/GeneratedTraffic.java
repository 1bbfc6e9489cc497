package io.handover.history.generate;

import io.handover.history.generate.GeneratedConversation.Organization;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Generates the deliveries of many conversations in the order of arrival. It keeps only the conversations in progress, so
 * it can generate any number of them.
 *
 * <p>A conversation depends only on the seed and its number. It stays the same with more conversations or fewer topics.
 */
final class GeneratedTraffic implements Iterator<GeneratedDelivery> {

    private static final int PLACES = 1_000;

    private final Settings settings;
    private final Organization organization;
    private final long spread;
    private final PriorityQueue<Upcoming> upcoming = new PriorityQueue<>();
    private int begun;
    private long nextBegin;
    private long added;

    /**
     * The traffic that is generated.
     *
     * @param seed the seed of the random numbers
     * @param conversations the number of conversations
     * @param startMs when the first one begins, epoch ms
     * @param everyMs the mean time between the begins of two conversations
     * @param topics the topics that Genesys publishes
     */
    record Settings(long seed, int conversations, long startMs, double everyMs, Set<Kind> topics) {

        Settings {
            topics = Set.copyOf(topics);
        }
    }

    /** Ordered by arrival, then by the order of adding, so that the same seed gives the same bytes. */
    private record Upcoming(GeneratedDelivery delivery, long number) implements Comparable<Upcoming> {

        @Override
        public int compareTo(Upcoming other) {
            int byArrival = Long.compare(delivery.at(), other.delivery.at());
            return byArrival == 0 ? Long.compare(number, other.number) : byArrival;
        }
    }

    GeneratedTraffic(Settings settings) {
        this.settings = settings;
        this.organization = Organization.of(settings.seed());
        // Without it, neighbouring seeds would share conversations.
        this.spread = new SplittableRandom(settings.seed()).nextLong();
        this.nextBegin = beginMs(0);
        beginDue();
    }

    /** Returns how many conversations have begun. */
    int begun() {
        return begun;
    }

    @Override
    public boolean hasNext() {
        return !upcoming.isEmpty();
    }

    @Override
    public GeneratedDelivery next() {
        Upcoming next = upcoming.poll();
        if (next == null) {
            throw new NoSuchElementException("Expected another delivery, but there is none");
        }
        beginDue();
        return next.delivery();
    }

    /** Begins all conversations that can have a delivery before the next arrival, or at the same time. */
    private void beginDue() {
        while (begun < settings.conversations()
                && (upcoming.isEmpty()
                        || nextBegin <= upcoming.element().delivery().at())) {
            for (GeneratedDelivery delivery : conversation(begun).deliveries()) {
                if (settings.topics().contains(delivery.event().kind())) {
                    upcoming.add(new Upcoming(delivery, added));
                    added++;
                }
            }
            begun++;
            nextBegin = beginMs(begun);
        }
    }

    /** Generates a conversation by its number, from 0. */
    GeneratedConversation conversation(int number) {
        return GeneratedConversation.of(organization, spread + number, beginMs(number));
    }

    /** Returns a random begin that is not before the begin of the previous conversation. */
    private long beginMs(int number) {
        double place = number + new SplittableRandom(~spread - number).nextInt(PLACES) / (double) PLACES;
        return settings.startMs() + (long) (place * settings.everyMs());
    }
}
