package io.handover.service;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;

/**
 * Writes a log event on one line, so that no text from outside can look like a log line of its own. A line break and
 * the spaces around it become a bar. A tab becomes a space. Every other control character becomes a question mark, and
 * so does a character that changes the direction of the text. Usage in a logback pattern: {@code %oneLine(%msg)}.
 */
public final class OneLine extends CompositeConverter<ILoggingEvent> {

    private static final String BREAK = " | ";
    private static final char REPLACEMENT = '?';

    @Override
    protected String transform(ILoggingEvent event, String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length());
        boolean broken = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isBreak(c)) {
                broken = true;
                trimEnd(line);
            } else if (!broken || !isBlank(c)) {
                if (broken && !line.isEmpty()) {
                    line.append(BREAK);
                }
                broken = false;
                line.append(visible(c));
            }
        }
        trimEnd(line);
        return line.toString();
    }

    /** Whether the text stays as it is, as that of nearly every event does. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Nearly every character is visible ASCII, which needs no further look.
            if ((c < ' ' || c > '~') && (isBreak(c) || visible(c) != c)) {
                return false;
            }
        }
        return text.isEmpty() || !isBlank(text.charAt(text.length() - 1));
    }

    private static boolean isBreak(char c) {
        return switch (c) {
            case '\n', '\r', '\u000B', '\f', '\u0085', '\u2028', '\u2029' -> true;
            default -> false;
        };
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static char visible(char c) {
        if (c == '\t') {
            return ' ';
        }
        return Character.isISOControl(c) || isDirectionControl(c) ? REPLACEMENT : c;
    }

    /**
     * Whether the character changes the direction of the following text. With such a character, the line could be
     * displayed in another order.
     */
    private static boolean isDirectionControl(char c) {
        return (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
    }

    private static void trimEnd(StringBuilder line) {
        int end = line.length();
        while (end > 0 && isBlank(line.charAt(end - 1))) {
            end--;
        }
        line.setLength(end);
    }
}
