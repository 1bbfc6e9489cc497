package io.handover.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes text from outside safe to print. Anybody can choose the id of a conversation. A control character in the id
 * could move the cursor of a terminal, and a format character could change the direction of the text.
 */
public final class PrintableText {

    private PrintableText() {}

    /** Returns the text with {@code ?} instead of each control character, format character and line separator. */
    public static String of(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().map(c -> isPrintable(c) ? c : '?').forEach(printable::appendCodePoint);
        return printable.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /**
     * Returns the text of {@link #of} in lines of at most {@code width} characters. A word that is longer stays whole,
     * so that the user can copy it.
     */
    public static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : of(text).split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
