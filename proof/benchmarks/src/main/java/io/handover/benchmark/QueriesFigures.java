package io.handover.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What live queries take, and what they cost the traffic.
 *
 * @param foreign see {@link Machine#foreign}
 */
record QueriesFigures(List<Round> rounds, double foreign) {

    private static final double P50 = 0.5;
    private static final double P99 = 0.99;
    private static final double MS_PER_SECOND = 1_000;

    /**
     * One round.
     *
     * @param alone events per second without queries
     * @param withPage events per second with an open page
     * @param page what the page cost the app
     * @param conversationMs how long each query for one conversation took, during traffic
     * @param heldMs how long each query for 100 held ends took, during traffic
     * @param saturatedMs as {@code conversationMs}, during as much traffic as possible, and without other queries
     */
    record Round(
            double alone,
            double withPage,
            PageCost page,
            List<Double> conversationMs,
            List<Double> heldMs,
            List<Double> saturatedMs) {}

    /**
     * The CPU time that the app used for an open page.
     *
     * @param queryThreads of the threads that read stores, in seconds
     * @param eventLoops of the threads that answer, in seconds
     * @param seconds how long the page was open
     * @param refreshes how often the page asked for its lists
     */
    record PageCost(double queryThreads, double eventLoops, double seconds, int refreshes) {}

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
                        Spread.of(rounds, round -> round.withPage() / round.alone())
                                .median())
                + pageCost()
                + latencies("one conversation", Round::conversationMs)
                + latencies("100 held", Round::heldMs)
                + latencies("one conversation, saturated", Round::saturatedMs);
    }

    private String pageCost() {
        double queryThreads = sum(PageCost::queryThreads);
        double eventLoops = sum(PageCost::eventLoops);
        double refreshes = sum(PageCost::refreshes);
        double seconds = sum(PageCost::seconds);
        return String.format(
                Locale.ROOT,
                "%-28s  query threads %.1f, event loops %.1f ms/s; %.1f ms per refresh (%.0f in %.0f s)%n",
                "CPU of the page",
                MS_PER_SECOND * queryThreads / seconds,
                MS_PER_SECOND * eventLoops / seconds,
                MS_PER_SECOND * (queryThreads + eventLoops) / refreshes,
                refreshes,
                seconds);
    }

    private double sum(ToDoubleFunction<PageCost> figure) {
        return rounds.stream().map(Round::page).mapToDouble(figure).sum();
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
