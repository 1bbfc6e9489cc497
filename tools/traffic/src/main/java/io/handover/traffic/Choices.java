package io.handover.traffic;

import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The source of all random choices. Every choice is a number, so a list of numbers determines a whole history. When a
 * property test shrinks the list, the history becomes simpler: 0 is always the simplest choice.
 */
@FunctionalInterface
public interface Choices {

    /** Returns a number from 0 to {@code bound - 1}. */
    int below(int bound);

    /** Returns random choices. The same seed gives the same choices. */
    static Choices seeded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random::nextInt;
    }

    /**
     * Returns choices that are determined by a list of numbers, each 0 or more. After the end of the list, they are 0.
     */
    static Choices of(List<Integer> numbers) {
        Iterator<Integer> rest = numbers.iterator();
        return bound -> rest.hasNext() ? rest.next() % bound : 0;
    }

    /** Returns true with a probability of one in {@code times}. */
    default boolean oneIn(int times) {
        return below(times) == times - 1;
    }

    /** Returns a number from {@code least} to {@code most}, both included. */
    default long between(long least, long most) {
        return least + below((int) (most - least + 1));
    }

    /** Returns one element of the list. The first element is the simplest choice. */
    default <T> T oneOf(List<T> several) {
        return several.get(below(several.size()));
    }
}
