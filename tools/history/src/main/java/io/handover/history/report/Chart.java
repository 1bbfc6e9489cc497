package io.handover.history.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The paper of a chart: an SVG that is as wide as its place, with a frame to draw in. What nobody can see is told in
 * words.
 */
final class Chart {

    static final double WIDTH = 480;

    /** Narrow enough for a phone, where the chart shrinks. */
    static final double FONT = 13;

    static final double LEFT = 52;
    static final double RIGHT = WIDTH - 14;

    /** Of the widest fonts; too much only leaves more room. */
    private static final double CHARACTER = 0.6;

    private static final int TICKS = 5;

    final Markup page;
    final double top;
    final double bottom;
    private final List<Box> taken = new ArrayList<>();

    private record Box(double left, double top, double right, double bottom) {

        boolean overlaps(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    }

    /**
     * Begins a chart.
     *
     * @param told what it shows, in a sentence
     * @param top where the frame begins
     * @param bottom where the frame ends
     * @param height of everything
     */
    Chart(Markup page, String told, double top, double bottom, double height) {
        this.page = page;
        this.top = top;
        this.bottom = bottom;
        page.open(
                "svg",
                "viewBox",
                "0 0 " + Markup.at(WIDTH) + ' ' + Markup.at(height),
                "role",
                "img",
                "aria-label",
                told,
                "font-size",
                Markup.at(FONT));
    }

    void close() {
        page.close();
    }

    static double width(String text) {
        return text.codePointCount(0, text.length()) * FONT * CHARACTER;
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        page.empty(
                "line",
                "class",
                style,
                "x1",
                Markup.at(x1),
                "y1",
                Markup.at(y1),
                "x2",
                Markup.at(x2),
                "y2",
                Markup.at(y2));
    }

    /**
     * A text on a base line.
     *
     * @param anchor {@code start}, {@code middle} or {@code end}
     */
    void text(String style, String anchor, double x, double y, String text) {
        page.element("text", text, "class", style, "text-anchor", anchor, "x", Markup.at(x), "y", Markup.at(y));
    }

    /** A bar that tells what it is when it is pointed at. */
    void bar(String style, double x, double y, double width, double height, String told) {
        page.open(
                        "rect",
                        "class",
                        style,
                        "x",
                        Markup.at(x),
                        "y",
                        Markup.at(y),
                        "width",
                        Markup.at(width),
                        "height",
                        Markup.at(height))
                .element("title", told)
                .close();
    }

    /** Where a text can stand without touching another: takes the place, or says that it is taken. */
    boolean takes(double left, double base, String text) {
        return takes(left, base - FONT, left + width(text), base + FONT / 3);
    }

    boolean takes(double left, double above, double right, double below) {
        Box box = new Box(left, above, right, below);
        boolean inside = left >= LEFT && right <= WIDTH && above >= 0 && below <= bottom;
        if (!inside || taken.stream().anyMatch(box::overlaps)) {
            return false;
        }
        taken.add(box);
        return true;
    }

    /** Even steps of 1, 2 or 5 that reach at least so far. */
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
