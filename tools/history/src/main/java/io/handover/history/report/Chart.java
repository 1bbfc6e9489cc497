package io.handover.history.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart as a list of shapes, which {@code chart.jte} writes as SVG; later shapes cover earlier ones. */
final class Chart {

    static final double WIDTH = 480;

    /** Texts of this size can be read on a phone, where the chart shrinks. */
    static final double FONT = 13;

    static final double LEFT = 52;
    static final double RIGHT = WIDTH - 14;

    /** The width of a character in the widest fonts; with others, more space is left. */
    private static final double CHARACTER = 0.6;

    private static final int TICKS = 5;

    final String description;
    final String viewBox;
    final List<Shape> shapes = new ArrayList<>();
    private final double bottom;
    private final List<Box> occupied = new ArrayList<>();

    /** A part of a chart. Coordinates have one decimal. */
    sealed interface Shape {}

    record Line(String style, String x1, String y1, String x2, String y2) implements Shape {}

    record Polyline(String style, String points) implements Shape {}

    record Bar(String style, String x, String y, String width, String height, String title) implements Shape {}

    record Point(String style, String x, String y, String radius, String title) implements Shape {}

    record Text(String style, String anchor, String x, String y, String text) implements Shape {}

    private record Box(double left, double top, double right, double bottom) {

        boolean overlaps(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    }

    /**
     * @param description the chart in words, for those who do not see it
     * @param bottom where the plot ends
     * @param height of the whole chart
     */
    Chart(String description, double bottom, double height) {
        this.description = description;
        this.bottom = bottom;
        viewBox = "0 0 " + at(WIDTH) + ' ' + at(height);
    }

    static String at(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }

    static double width(String text) {
        return text.codePointCount(0, text.length()) * FONT * CHARACTER;
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        shapes.add(new Line(style, at(x1), at(y1), at(x2), at(y2)));
    }

    /**
     * Adds a text on a base line.
     *
     * @param anchor {@code start}, {@code middle} or {@code end}
     */
    void text(String style, String anchor, double x, double y, String text) {
        shapes.add(new Text(style, anchor, at(x), at(y), text));
    }

    /**
     * Adds a bar.
     *
     * @param title shown when the bar is pointed at
     */
    void bar(String style, double x, double y, double width, double height, String title) {
        shapes.add(new Bar(style, at(x), at(y), at(width), at(height), title));
    }

    /** Occupies the place of a text, unless a part of it is occupied already. */
    boolean occupy(double left, double base, String text) {
        return occupy(left, base - FONT, left + width(text), base + FONT / 3);
    }

    boolean occupy(double left, double above, double right, double below) {
        Box box = new Box(left, above, right, below);
        boolean inside = left >= LEFT && right <= WIDTH && above >= 0 && below <= bottom;
        if (!inside || occupied.stream().anyMatch(box::overlaps)) {
            return false;
        }
        occupied.add(box);
        return true;
    }

    /** The distance of axis marks: 1, 2 or 5 times a power of ten. */
    static double step(double range) {
        double power = Math.pow(10, Math.floor(Math.log10(range / TICKS)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power * TICKS >= range * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
