package io.handover.history.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** HTML with SVG in it. Everything that is not a name of an element or attribute is escaped. */
final class Markup {

    private final StringBuilder html = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Begins an element.
     *
     * @param attributes a name and its value, and so on
     */
    Markup open(String element, String... attributes) {
        begin(element, attributes);
        html.append('>');
        open.push(element);
        return this;
    }

    /** Ends the element that was begun last. */
    Markup close() {
        html.append("</").append(open.pop()).append(">\n");
        return this;
    }

    /** An element with nothing in it. */
    Markup empty(String element, String... attributes) {
        begin(element, attributes);
        html.append("/>\n");
        return this;
    }

    /** An element with a text. */
    Markup element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close();
    }

    Markup text(String text) {
        escape(text);
        return this;
    }

    /** A style sheet, which is not escaped: of this program alone. */
    Markup style(String css) {
        html.append("<style>\n").append(css).append("</style>\n");
        return this;
    }

    private void begin(String element, String... attributes) {
        html.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            html.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            html.append('"');
        }
    }

    private void escape(String text) {
        String plain = ReportWords.plain(text);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
        }
    }

    /** A coordinate. */
    static String at(double place) {
        return String.format(Locale.ROOT, "%.1f", place);
    }

    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("Expected every element to be closed, but " + open + " are not");
        }
        return "<!DOCTYPE html>\n" + html;
    }
}
