package io.handover.history.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A chart as a list of shapes. {@code chart.jte} writes them as SVG, so later shapes cover earlier ones. */
final class Chart {

    static final double WIDTH = 480;

    /** The font size. On a phone, the chart shrinks, and a smaller text would be unreadable. */
    static final double FONT = 13;

    static final double LEFT = 52;
    static final double RIGHT = WIDTH - 14;

    /** The estimated width of a character, as a part of the font size: the value of the widest fonts. */
    private static final double CHARACTER = 0.6;

    private static final int TICKS = 5;

    final String description;
    final String viewBox;
    final List<Shape> shapes = new ArrayList<>();
    private final double bottom;
    private final List<Box> occupied = new ArrayList<>();

    /** A part of a chart. Its coordinates are texts with one decimal. */
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
     * @param description the chart in words, for screen readers
     * @param bottom the y coordinate of the lower edge of the plot
     * @param height the height of the whole chart
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
     * Adds a text. Its base line is at {@code y}.
     *
     * @param anchor which part of the text is at {@code x}: {@code start}, {@code middle} or {@code end}
     */
    void text(String style, String anchor, double x, double y, String text) {
        shapes.add(new Text(style, anchor, at(x), at(y), text));
    }

    /**
     * Adds a bar. {@code x} and {@code y} are its upper left corner.
     *
     * @param title the text that the browser shows when the mouse is on the bar
     */
    void bar(String style, double x, double y, double width, double height, String title) {
        shapes.add(new Bar(style, at(x), at(y), at(width), at(height), title));
    }

    /** Occupies the place of a text. Returns false if the place leaves the plot, or overlaps an occupied one. */
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

    /** Returns the distance between two axis marks: 1, 2 or 5 times a power of ten. */
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
