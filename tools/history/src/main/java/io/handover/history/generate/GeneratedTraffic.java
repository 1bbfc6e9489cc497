package io.handover.history.generate;

import io.handover.history.generate.GeneratedConversation.Organization;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What arrives of conversations that are made up, in the order of arrival. Of each it keeps what has yet to arrive, and
 * of those that have not begun nothing: so it can go on for as long as one likes.
 *
 * <p>A conversation depends on the seed and its number alone: with more of them, or fewer topics, it stays the same.
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
     * What is to be made up.
     *
     * @param seed where chance begins
     * @param conversations how many begin
     * @param startMs when the first one begins, epoch ms
     * @param everyMs how long after it the next one begins, more or less
     * @param topics what Genesys is told to publish
     */
    record Settings(long seed, int conversations, long startMs, double everyMs, Set<Kind> topics) {

        Settings {
            topics = Set.copyOf(topics);
        }
    }

    /** At equal times, what was added first comes first: the same seed gives the same bytes. */
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
        // Neighbouring seeds are not to have conversations in common.
        this.spread = new SplittableRandom(settings.seed()).nextLong();
        this.nextBegin = beginMs(0);
        beginDue();
    }

    /** How many conversations have begun. */
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

    /** Begins all that may have something to tell before, or by, the next arrival. */
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

    /** A conversation by its number, from 0. */
    GeneratedConversation conversation(int number) {
        return GeneratedConversation.of(organization, spread + number, beginMs(number));
    }

    /** At random, but each after the one before. */
    private long beginMs(int number) {
        double place = number + new SplittableRandom(~spread - number).nextInt(PLACES) / (double) PLACES;
        return settings.startMs() + (long) (place * settings.everyMs());
    }
}
