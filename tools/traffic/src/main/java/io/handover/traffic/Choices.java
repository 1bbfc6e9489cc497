package io.handover.traffic;

import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Where chance comes from. Everything random is asked of one of these, so that a list of numbers is a whole history: a
 * property test that shrinks the list shrinks the history. Of every question, 0 is the plainest answer.
 */
@FunctionalInterface
public interface Choices {

    /** A number from 0 to {@code bound - 1}. */
    int below(int bound);

    /** Chance that is the same for the same seed. */
    static Choices seeded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random::nextInt;
    }

    /** The choices of a list, each 0 or more; when it is used up, every answer is 0. */
    static Choices of(List<Integer> numbers) {
        Iterator<Integer> rest = numbers.iterator();
        return bound -> rest.hasNext() ? rest.next() % bound : 0;
    }

    /** Whether it happens, which it does one time in so many. */
    default boolean oneIn(int times) {
        return below(times) == times - 1;
    }

    /** A number between both, including them. */
    default long between(long least, long most) {
        return least + below((int) (most - least + 1));
    }

    /** One of several; the first is the plainest. */
    default <T> T oneOf(List<T> several) {
        return several.get(below(several.size()));
    }
}
