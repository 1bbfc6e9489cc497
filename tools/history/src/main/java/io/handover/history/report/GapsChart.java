package io.handover.history.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Draws the chart of the gaps between two agents. The bars show the number of gaps per length. The vertical lines show
 * the compared transfer timeouts.
 */
final class GapsChart {

    private static final double ABOVE = 8;
    private static final double LABEL_ROW = 17;
    private static final double FLAG = 4;
    private static final double PLOT = 230;
    private static final double BELOW = 50;

    /** The gap length at which the x axis begins. All shorter gaps are in the first bar. */
    private static final long SHORTEST_MS = 500;

    private static final long LONGEST_MS = 366L * 86_400_000;

    /** The upper limit of a bar's gap lengths, divided by the lower limit. */
    private static final double RATIO = Math.sqrt(2);

    private static final List<Long> MARKS = List.of(
            500L,
            1_000L,
            2_000L,
            5_000L,
            10_000L,
            20_000L,
            60_000L,
            120_000L,
            300_000L,
            600_000L,
            1_800_000L,
            3_600_000L,
            4 * 3_600_000L,
            12 * 3_600_000L,
            86_400_000L,
            4 * 86_400_000L,
            30 * 86_400_000L,
            LONGEST_MS);

    private final Histogram announced;
    private final Histogram unannounced;
    private final List<Long> timeouts;
    private final int bars;
    private final double top;
    private final long highest;
    private final List<Integer> rows = new ArrayList<>();

    private GapsChart(ReportView view) {
        announced = view.gaps().announced();
        unannounced = view.gaps().unannounced();
        timeouts = view.transferTimeouts().stream()
                .filter(timeout -> timeout >= SHORTEST_MS)
                .toList();
        long longest = Math.max(60_000, Math.max(longest(announced), longest(unannounced)));
        for (long timeout : timeouts) {
            longest = Math.max(longest, timeout);
        }
        bars = bars(longest);
        top = ABOVE + LABEL_ROW * placeLabels();
        long most = 1;
        for (int bar = 0; bar < bars; bar++) {
            most = Math.max(most, count(announced, bar) + count(unannounced, bar));
        }
        highest = most;
    }

    private static long longest(Histogram gaps) {
        return gaps.getTotalCount() == 0 ? 0 : gaps.getMaxValue();
    }

    /**
     * Returns the number of bars: enough for the longest gap, and for the label of each timeout to fit into the chart.
     */
    private int bars(long longest) {
        int needed = 1 + (int) Math.floor(barsUntil(longest) + 1e-9);
        for (long timeout : timeouts) {
            double most = Chart.WIDTH - Chart.LEFT - FLAG - Chart.width(ReportWords.brief(timeout));
            needed = Math.max(needed, (int) Math.ceil(barsUntil(timeout) * (Chart.RIGHT - Chart.LEFT) / most));
        }
        return needed;
    }

    private static double barsUntil(long ms) {
        return Math.log((double) ms / SHORTEST_MS) / Math.log(RATIO);
    }

    /**
     * Chooses the row of each timeout's label. A label is to the right of its line. If an earlier label reaches that
     * line, the label goes below the earlier label, so that no line crosses a label. Returns the number of rows.
     */
    private int placeLabels() {
        List<Double> ends = new ArrayList<>();
        for (long timeout : timeouts) {
            double x = x(timeout);
            while (!ends.isEmpty() && ends.get(ends.size() - 1) <= x) {
                ends.remove(ends.size() - 1);
            }
            rows.add(ends.size());
            ends.add(x + FLAG + Chart.width(ReportWords.brief(timeout)) + FLAG);
        }
        return 1 + rows.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    static Chart draw(ReportView view) {
        return new GapsChart(view).draw();
    }

    private Chart draw() {
        double bottom = top + PLOT;
        Chart chart = new Chart(description(), bottom, bottom + BELOW);
        double step = Math.max(1, Chart.step((double) highest));
        for (int i = 0; i * step <= highest; i++) {
            double y = bottom - PLOT * i * step / highest;
            chart.line(i == 0 ? "axis" : "grid", Chart.LEFT, y, Chart.RIGHT, y);
            chart.text("tick", "end", Chart.LEFT - 7, y + Chart.FONT / 3, ReportWords.count((long) (i * step)));
        }
        bars(chart, bottom);
        marks(chart, bottom);
        chart.text(
                "label", "middle", (Chart.LEFT + Chart.RIGHT) / 2, bottom + BELOW - 8, "length of the gap (log scale)");
        for (int i = 0; i < timeouts.size(); i++) {
            double x = x(timeouts.get(i));
            double base = ABOVE + LABEL_ROW * rows.get(i) + Chart.FONT - 3;
            chart.line("timeout", x, base - Chart.FONT + 3, x, bottom);
            chart.text("timeout-name", "start", x + FLAG, base, ReportWords.brief(timeouts.get(i)));
        }
        return chart;
    }

    private void bars(Chart chart, double bottom) {
        double width = (Chart.RIGHT - Chart.LEFT) / bars;
        for (int bar = 0; bar < bars; bar++) {
            long unannouncedCount = count(unannounced, bar);
            long announcedCount = count(announced, bar);
            double x = Chart.LEFT + width * bar + 0.5;
            double low = PLOT * unannouncedCount / highest;
            double high = PLOT * announcedCount / highest;
            String range = (bar == 0 ? "under " : ReportWords.duration(from(bar)) + " to ")
                    + ReportWords.duration(from(bar + 1)) + ": ";
            if (announcedCount > 0) {
                String title = range + ReportWords.count(announcedCount) + " announced";
                chart.bar("announced", x, bottom - low - high, width - 1, high, title);
            }
            if (unannouncedCount > 0) {
                String title = range + ReportWords.count(unannouncedCount) + " unannounced";
                chart.bar("unannounced", x, bottom - low, width - 1, low, title);
            }
        }
    }

    private void marks(Chart chart, double bottom) {
        double free = 0;
        for (long mark : MARKS) {
            String text = ReportWords.brief(mark);
            double half = Chart.width(text) / 2;
            if (mark > from(bars) || x(mark) - half < free || x(mark) + half > Chart.WIDTH) {
                continue;
            }
            chart.line("axis", x(mark), bottom, x(mark), bottom + 5);
            chart.text("tick", "middle", x(mark), bottom + 20, text);
            free = x(mark) + half + 8;
        }
    }

    private static long from(int bar) {
        return Math.round(SHORTEST_MS * Math.pow(RATIO, bar));
    }

    private static long count(Histogram gaps, int bar) {
        long before = bar == 0 ? 0 : ReportView.shorter(gaps, from(bar));
        return ReportView.shorter(gaps, from(bar + 1)) - before;
    }

    private double x(long ms) {
        return Chart.LEFT + barsUntil(ms) / bars * (Chart.RIGHT - Chart.LEFT);
    }

    private String description() {
        return "How long the gaps between two agents were, on a logarithmic scale: "
                + ReportWords.count(unannounced.getTotalCount()) + " unannounced, and "
                + ReportWords.count(announced.getTotalCount())
                + " announced by a transfer, a queue or a flow; with the compared transfer timeouts as vertical lines.";
    }
}
