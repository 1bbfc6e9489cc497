package io.handover.history.report;

import io.handover.history.report.BacktestReport.Result;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a setting gains, and what it costs: how many end too early, against how long the bot is silent for nothing. */
final class TradeOffChart {

    private static final double TOP = 14;
    private static final double BOTTOM = 280;
    private static final double HEIGHT = 330;
    private static final double POINT = 5;
    private static final int LONGEST_NAME = 22;

    /** A spread smaller than this part of the greatest cannot be seen on an axis that begins at 0. */
    private static final double LEAST_SPREAD = 0.5;

    private final Map<Point, List<String>> settings = new LinkedHashMap<>();
    private final boolean connected;
    private final double fromX;
    private final double stepX;
    private final double toX;
    private final double stepY;
    private final double toY;

    /** In seconds, and in percent. */
    private record Point(double silence, double early) {}

    private TradeOffChart(BacktestReport report) {
        // Settings that differ in one number are a way from one end to the other.
        connected = ReportFindings.comparesTimeouts(report);
        List<Result> results = connected
                ? report.results().stream()
                        .sorted(Comparator.comparingLong(ReportFindings::transferTimeout))
                        .toList()
                : report.results();
        for (Result result : results) {
            Tally tally = result.tally();
            if (tally.ended() > 0) {
                Point point = new Point(
                        ReportFindings.meanLate(tally) / 1_000, 100.0 * tally.premature.size() / tally.ended());
                settings.computeIfAbsent(point, any -> new ArrayList<>())
                        .add(result.setting().name());
            }
        }
        double least =
                settings.keySet().stream().mapToDouble(Point::silence).min().orElse(0);
        double most =
                settings.keySet().stream().mapToDouble(Point::silence).max().orElse(0);
        boolean fromZero = settings.size() < 2 || most - least >= LEAST_SPREAD * most;
        stepX = Chart.step(fromZero ? Math.max(1, most) : most - least);
        fromX = fromZero ? 0 : Math.floor(least / stepX) * stepX;
        toX = above(most, stepX);
        double early =
                settings.keySet().stream().mapToDouble(Point::early).max().orElse(0);
        stepY = Chart.step(Math.max(0.5, early));
        toY = above(early, stepY);
    }

    /** The next mark that is greater. */
    private static double above(double value, double step) {
        return (Math.floor(value / step + 1e-9) + 1) * step;
    }

    /** Whether there is something to show. */
    static boolean hasPoints(BacktestReport report) {
        return report.results().stream().anyMatch(result -> result.tally().ended() > 0);
    }

    static void draw(Markup page, BacktestReport report) {
        new TradeOffChart(report).draw(page);
    }

    private void draw(Markup page) {
        Chart chart = new Chart(page, told(), TOP, BOTTOM, HEIGHT);
        for (int i = 0; i * stepY <= toY * (1 + 1e-9); i++) {
            double y = y(i * stepY);
            chart.line(i == 0 ? "axis" : "grid", Chart.LEFT, y, Chart.RIGHT, y);
            chart.text("tick", "end", Chart.LEFT - 7, y + Chart.FONT / 3, number(i * stepY, stepY) + " %");
        }
        for (int i = 0; fromX + i * stepX <= toX * (1 + 1e-9); i++) {
            double x = x(fromX + i * stepX);
            chart.line("axis", x, BOTTOM, x, BOTTOM + 5);
            String mark = number(fromX + i * stepX, stepX) + " s";
            chart.text("tick", "middle", Math.min(x, Chart.WIDTH - Chart.width(mark) / 2), BOTTOM + 20, mark);
        }
        chart.text(
                "label",
                "middle",
                (Chart.LEFT + Chart.RIGHT) / 2,
                HEIGHT - 8,
                fromX == 0
                        ? "silence longer than needed, on average"
                        : "silence longer than needed, on average (from " + number(fromX, stepX) + " s)");
        settings.keySet()
                .forEach(point -> chart.takes(
                        x(point.silence()) - POINT - 1,
                        y(point.early()) - POINT - 1,
                        x(point.silence()) + POINT + 1,
                        y(point.early()) + POINT + 1));
        if (connected) {
            page.empty(
                    "polyline",
                    "class",
                    "way",
                    "points",
                    settings.keySet().stream()
                            .map(point -> Markup.at(x(point.silence())) + ',' + Markup.at(y(point.early())))
                            .collect(Collectors.joining(" ")));
        }
        settings.forEach((point, names) -> draw(chart, point, names));
        chart.close();
    }

    private void draw(Chart chart, Point point, List<String> names) {
        double x = x(point.silence());
        double y = y(point.early());
        String all = String.join(", ", names);
        label(chart, x, y, ReportWords.shortened(ReportWords.plain(all), LONGEST_NAME));
        chart.page
                .open("circle", "class", "point", "cx", Markup.at(x), "cy", Markup.at(y), "r", Markup.at(POINT))
                .element("title", told(point, all))
                .close();
    }

    /** Beside its point; where that is taken, further off with a line between them. */
    private static void label(Chart chart, double x, double y, String name) {
        double width = Chart.width(name);
        for (double away = POINT + 5; away < Chart.WIDTH; away += 6) {
            double[][] places = {
                {x + away * 0.7, y - away * 0.7},
                {x + away, y + 4},
                {x - away - width, y + 4},
                {x - width / 2, y - away},
                {x - width - away * 0.7, y - away * 0.7},
                {x + away * 0.7, y + away * 0.7 + 8},
                {x - width / 2, y + away + 10},
                {x - width - away * 0.7, y + away * 0.7 + 8},
            };
            for (double[] place : places) {
                if (chart.takes(place[0], place[1], name)) {
                    if (away > 3 * POINT) {
                        double near = Math.max(place[0], Math.min(x, place[0] + width));
                        chart.line("leader", x, y, near, place[1] < y ? place[1] + 3 : place[1] - Chart.FONT + 2);
                    }
                    chart.text("name", "start", place[0], place[1], name);
                    return;
                }
            }
        }
    }

    private double x(double silence) {
        return Chart.LEFT + (silence - fromX) / (toX - fromX) * (Chart.RIGHT - Chart.LEFT);
    }

    private double y(double early) {
        return BOTTOM - early / toY * (BOTTOM - TOP);
    }

    private String told() {
        StringBuilder told = new StringBuilder(
                "Share of handovers that ended too early, against the average silence" + " longer than needed.");
        settings.forEach((point, names) -> told.append(' ').append(told(point, String.join(", ", names))));
        return told.toString();
    }

    private static String told(Point point, String names) {
        return String.format(
                Locale.ROOT,
                "%s: %.2f %% too early, %.1f s of silence longer than needed.",
                names,
                point.early(),
                point.silence());
    }

    private static String number(double value, double step) {
        return String.format(Locale.ROOT, step >= 1 ? "%,.0f" : step >= 0.1 ? "%.1f" : "%.2f", value);
    }
}
