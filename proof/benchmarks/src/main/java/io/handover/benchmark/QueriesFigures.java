package io.handover.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What live queries take, and what they cost the traffic.
 *
 * @param foreign see {@link Machine#foreign}
 */
record QueriesFigures(List<Round> rounds, double foreign) {

    private static final double P50 = 0.5;
    private static final double P99 = 0.99;

    /**
     * One round.
     *
     * @param alone events per second without queries
     * @param withPage events per second with an open page
     * @param conversationMs how long each query for one conversation took, during traffic
     * @param heldMs how long each query for 100 held ends took, during traffic
     */
    record Round(double alone, double withPage, List<Double> conversationMs, List<Double> heldMs) {}

    /** The result as a text. */
    String text() {
        Spread alone = Spread.of(rounds, Round::alone);
        Spread withPage = Spread.of(rounds, Round::withPage);
        return String.format(
                        Locale.ROOT,
                        "%-28s  %s%n%-28s  %s%nwith a page / without: %.3f%n",
                        "events/s (min med max)",
                        alone.text("%7.0f"),
                        "with a page open",
                        withPage.text("%7.0f"),
                        withPage.median() / alone.median())
                + latencies("one conversation", Round::conversationMs)
                + latencies("100 held", Round::heldMs);
    }

    private String latencies(String what, Function<Round, List<Double>> figure) {
        List<Double> all = new ArrayList<>();
        rounds.forEach(round -> all.addAll(figure.apply(round)));
        all.sort(null);
        return all.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%-28s  p50 %.1f, p99 %.1f, max %.1f ms (%,d queries)%n",
                        what,
                        share(all, P50),
                        share(all, P99),
                        share(all, 1),
                        all.size());
    }

    private static double share(List<Double> sorted, double share) {
        return sorted.get((int) Math.ceil((sorted.size() - 1) * share));
    }
}
