package io.handover.history.report;

import io.handover.history.report.BacktestReport.Result;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How long the bot was silent for nothing: all of a setting's ends as one bar, cut where the silence gets longer. */
final class LatenessChart {

    /** Where the parts of a bar begin, in ms. */
    private static final List<Long> FROM = List.of(0L, 1_000L, 5_000L, 20_000L, 60_000L, 120_000L);

    private static final double LEFT = 8;
    private static final double ROW = 46;
    private static final double BAR = 20;
    private static final double TOP = 6;
    private static final double BELOW = 28;
    private static final int LONGEST_NAME = 26;
    private static final int QUARTERS = 4;

    private LatenessChart() {}

    /** What the parts of a bar are, from the shortest silence to the longest. */
    static List<String> legend() {
        return List.of(
                "under 1 s (as soon as can be told)",
                "1 to 5 s",
                "5 to 20 s",
                "20 to 60 s",
                "1 to 2 min",
                "2 min or more");
    }

    static void draw(Markup page, List<Result> results) {
        double bottom = TOP + ROW * results.size();
        Chart chart = new Chart(page, told(results), TOP, bottom, bottom + BELOW);
        chart.line("axis", LEFT, bottom, Chart.RIGHT, bottom);
        for (int quarter = 0; quarter <= QUARTERS; quarter++) {
            double x = LEFT + (Chart.RIGHT - LEFT) * quarter / QUARTERS;
            chart.line("axis", x, bottom, x, bottom + 5);
            String anchor = quarter == 0 ? "start" : quarter == QUARTERS ? "end" : "middle";
            chart.text("tick", anchor, x, bottom + 20, 100 * quarter / QUARTERS + " %");
        }
        for (int i = 0; i < results.size(); i++) {
            draw(chart, results.get(i), TOP + ROW * i);
        }
        chart.close();
    }

    private static void draw(Chart chart, Result result, double top) {
        Histogram late = result.tally().late;
        String name = ReportWords.shortened(ReportWords.plain(result.setting().name()), LONGEST_NAME);
        chart.text("name", "start", LEFT, top + 15, name);
        if (late.getTotalCount() == 0) {
            chart.text("tick", "end", Chart.RIGHT, top + 15, "no end to measure");
            return;
        }
        chart.text("tick", "end", Chart.RIGHT, top + 15, quantiles(result.tally()));
        double x = LEFT;
        for (int part = 0; part < FROM.size(); part++) {
            long count = count(late, part);
            double width = (Chart.RIGHT - LEFT) * count / late.getTotalCount();
            if (count > 0) {
                String share = ReportWords.share(count, late.getTotalCount());
                String told = name + ": " + share + " (" + ReportWords.count(count) + ") " + legend().get(part);
                chart.bar("late-" + part, x, top + 20, width, BAR, told);
                if (width > Chart.width(share) + 6) {
                    chart.text("share-" + part, "middle", x + width / 2, top + 20 + BAR - 5.5, share);
                }
            }
            x += width;
        }
    }

    private static long count(Histogram late, int part) {
        long below = part + 1 == FROM.size() ? late.getTotalCount() : ReportFindings.shorter(late, FROM.get(part + 1));
        return below - ReportFindings.shorter(late, FROM.get(part));
    }

    private static String quantiles(Tally tally) {
        return "half " + ReportWords.duration(ReportFindings.quantile(tally, ReportFindings.MEDIAN)) + ", 90 % "
                + ReportWords.duration(ReportFindings.quantile(tally, ReportFindings.MOST));
    }

    private static String told(List<Result> results) {
        StringBuilder told = new StringBuilder("How long the bot was silent although nobody served.");
        for (Result result : results) {
            if (result.tally().late.getTotalCount() > 0) {
                told.append(' ')
                        .append(result.setting().name())
                        .append(": ")
                        .append(quantiles(result.tally()))
                        .append('.');
            }
        }
        return told.toString();
    }
}
