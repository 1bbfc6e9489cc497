package io.handover.history.report;

import io.handover.history.report.ReportView.SettingView;
import io.handover.terminal.PrintableText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Draws the chart of the settings. The x axis is the silence longer than needed, the y axis the share of premature
 * ends.
 */
final class TradeOffChart {

    private static final double TOP = 14;
    private static final double BOTTOM = 280;
    private static final double HEIGHT = 330;
    private static final double POINT = 5;
    private static final int LONGEST_NAME = 22;

    /**
     * The x axis begins at 0 if the spread of the values is at least this part of the greatest value. A smaller spread
     * could hardly be seen on such an axis.
     */
    private static final double LEAST_SPREAD = 0.5;

    private final Map<Place, List<String>> places = new LinkedHashMap<>();
    private final boolean connected;
    private final double fromX;
    private final double stepX;
    private final double toX;
    private final double stepY;
    private final double toY;

    /**
     * The coordinates of a setting.
     *
     * @param silence the average silence longer than needed, in seconds
     * @param early the share of premature ends, in percent
     */
    private record Place(double silence, double early) {}

    private TradeOffChart(ReportView view) {
        // If all settings have different transfer timeouts, a line connects the settings in the order of the timeouts.
        connected = view.comparesTimeouts();
        List<SettingView> settings = connected
                ? view.settings().stream()
                        .sorted(Comparator.comparingLong(SettingView::transferTimeoutMs))
                        .toList()
                : view.settings();
        for (SettingView setting : settings) {
            if (setting.ended() > 0) {
                Place place = new Place(
                        setting.averageLateMs() / 1_000,
                        100.0 * setting.premature().count() / setting.ended());
                places.computeIfAbsent(place, any -> new ArrayList<>()).add(setting.name());
            }
        }
        double least =
                places.keySet().stream().mapToDouble(Place::silence).min().orElse(0);
        double most = places.keySet().stream().mapToDouble(Place::silence).max().orElse(0);
        boolean fromZero = places.size() < 2 || most - least >= LEAST_SPREAD * most;
        stepX = Chart.step(fromZero ? Math.max(1, most) : most - least);
        fromX = fromZero ? 0 : Math.floor(least / stepX) * stepX;
        toX = above(most, stepX);
        double early = places.keySet().stream().mapToDouble(Place::early).max().orElse(0);
        stepY = Chart.step(Math.max(0.5, early));
        toY = above(early, stepY);
    }

    /** Returns the first axis mark above the value. */
    private static double above(double value, double step) {
        return (Math.floor(value / step + 1e-9) + 1) * step;
    }

    static boolean hasPlaces(ReportView view) {
        return view.settings().stream().anyMatch(setting -> setting.ended() > 0);
    }

    static Chart draw(ReportView view) {
        return new TradeOffChart(view).draw();
    }

    private Chart draw() {
        Chart chart = new Chart(description(), BOTTOM, HEIGHT);
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
        for (Place place : places.keySet()) {
            double x = x(place.silence());
            double y = y(place.early());
            chart.occupy(x - POINT - 1, y - POINT - 1, x + POINT + 1, y + POINT + 1);
        }
        if (connected) {
            chart.shapes.add(new Chart.Polyline(
                    "way",
                    places.keySet().stream()
                            .map(place -> Chart.at(x(place.silence())) + ',' + Chart.at(y(place.early())))
                            .collect(Collectors.joining(" "))));
        }
        places.forEach((place, names) -> draw(chart, place, String.join(", ", names)));
        return chart;
    }

    private void draw(Chart chart, Place place, String names) {
        double x = x(place.silence());
        double y = y(place.early());
        label(chart, x, y, ReportWords.shortened(PrintableText.of(names), LONGEST_NAME));
        chart.shapes.add(
                new Chart.Point("point", Chart.at(x), Chart.at(y), Chart.at(POINT), description(place, names)));
    }

    /**
     * Writes the name beside its point. If no place there is free, writes it further away, with a line to the point.
     */
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
                if (chart.occupy(place[0], place[1], name)) {
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

    private String description() {
        StringBuilder text = new StringBuilder(
                "Share of handovers that ended too early, against the average silence longer than needed.");
        places.forEach((place, names) -> text.append(' ').append(description(place, String.join(", ", names))));
        return text.toString();
    }

    private static String description(Place place, String names) {
        return String.format(
                Locale.ROOT,
                "%s: %.2f %% too early, %.1f s of silence longer than needed.",
                names,
                place.early(),
                place.silence());
    }

    private static String number(double value, double step) {
        return String.format(Locale.ROOT, step >= 1 ? "%,.0f" : step >= 0.1 ? "%.1f" : "%.2f", value);
    }
}
