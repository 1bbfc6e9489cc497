package io.handover.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The least, the median and the most of one figure in all rounds. */
record Spread(double least, double median, double most) {

    /** @throws IllegalArgumentException if there is no round */
    static <T> Spread of(List<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("Expected one round or more");
        }
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }

    /**
     * The three figures, in columns.
     *
     * @param format the format of one figure, such as {@code %7.1f}
     */
    String text(String format) {
        return String.format(Locale.ROOT, format + " " + format + " " + format, least, median, most);
    }
}
