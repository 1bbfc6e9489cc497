package io.handover.traffic;

import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The source of all random choices. Since every choice is a number, a list of numbers determines a whole history, and a
 * property test that shrinks the list shrinks the history. 0 is always the simplest choice.
 */
@FunctionalInterface
public interface Choices {

    /** Returns a number from 0 to {@code bound - 1}. */
    int below(int bound);

    /** Returns random choices that are the same for the same seed. */
    static Choices seeded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random::nextInt;
    }

    /** Returns the choices of a list of numbers, each 0 or more. After its end, every choice is 0. */
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

    /** Returns one of several; the first is the simplest choice. */
    default <T> T oneOf(List<T> several) {
        return several.get(below(several.size()));
    }
}
