package io.handover.reference;

import java.io.PrintStream;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The seed of a run of the random tests. Without {@code -Dseed}, each test uses the seed in its source code.
 * {@code -Dseed=random} draws a seed and prints it. {@code -Dseed=NUMBER} repeats the run that printed this number.
 */
public final class RunSeed {

    private static final RunSeed THIS_RUN = read(System.getProperty("seed"), System.out);

    private final @Nullable Long seed;

    private RunSeed(@Nullable Long seed) {
        this.seed = seed;
    }

    static RunSeed read(@Nullable String setting, PrintStream out) {
        if (setting == null) {
            return new RunSeed(null);
        }
        if (setting.equals("random")) {
            long drawn = new SplittableRandom().nextInt(Integer.MAX_VALUE);
            out.println("Random seed " + drawn + ": repeat this run with -Dseed=" + drawn);
            return new RunSeed(drawn);
        }
        try {
            return new RunSeed(Long.valueOf(setting));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Expected -Dseed to be random or a number, but it is " + setting, e);
        }
    }

    /**
     * Returns the seed that a test uses in this run.
     *
     * @param inSource the seed in the source code of the test
     */
    public static long of(long inSource) {
        return THIS_RUN.mixedWith(inSource);
    }

    /**
     * Mixes the seed of the run with the seed of a test, so that tests with different seeds still have different seeds.
     * Without a seed of the run, returns the seed of the test.
     */
    long mixedWith(long inSource) {
        return seed == null
                ? inSource
                : new SplittableRandom(new SplittableRandom(seed).nextLong() + inSource).nextLong();
    }
}
