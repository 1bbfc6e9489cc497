package io.handover.history.generate;

import io.handover.history.generate.GeneratedConversation.Organization;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Generates the deliveries of many conversations in the order of arrival. Only the conversations in progress are in
 * memory, so the number of conversations can be large.
 *
 * <p>The events of the n-th conversation depend on the seed and on n. The time when it begins depends also on the start
 * and the rate of the traffic. So a run with more conversations, or with fewer topics, does not change its events.
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
     * @param startMs the earliest begin of the first conversation, epoch ms
     * @param everyMs the mean time between the begins of two conversations, ms
     * @param topics the topics that Genesys publishes
     */
    record Settings(long seed, int conversations, long startMs, double everyMs, Set<Kind> topics) {

        Settings {
            topics = Set.copyOf(topics);
        }
    }

    /**
     * A delivery that is not returned yet. Deliveries are ordered by arrival. Those that arrive together are ordered by
     * number, so that the same seed gives the same bytes.
     */
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
        // The seed of a conversation is the sum of this random number and its own number. With the plain seed instead,
        // conversation 2 of seed 1 would be conversation 1 of seed 2.
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

    /**
     * Begins every conversation that begins before the next arrival or at the same time: it may have an earlier
     * delivery.
     */
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

    /**
     * Generates one conversation.
     *
     * @param number the number of the conversation, counted from 0
     */
    GeneratedConversation conversation(int number) {
        return GeneratedConversation.of(organization, spread + number, beginMs(number));
    }

    /**
     * Returns the random time at which a conversation begins, epoch ms. It is not before the begin of the previous
     * conversation.
     */
    private long beginMs(int number) {
        double place = number + new SplittableRandom(~spread - number).nextInt(PLACES) / (double) PLACES;
        return settings.startMs() + (long) (place * settings.everyMs());
    }
}
