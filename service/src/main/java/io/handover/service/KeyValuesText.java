package io.handover.service;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Writes each key-value of a log event as {@code key=value}, after a space. A value with a space, a quotation mark or
 * an equals sign is quoted, so that no part of the value looks like another key. Usage in a logback pattern:
 * {@code %msg%keyValues}.
 */
public final class KeyValuesText extends ClassicConverter {

    @Override
    public String convert(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (KeyValuePair pair : pairs) {
            text.append(' ').append(pair.key).append('=');
            appendQuoted(text, String.valueOf(pair.value));
        }
        return text.toString();
    }

    private static void appendQuoted(StringBuilder text, String value) {
        if (value.isEmpty() || hasSpecial(value)) {
            text.append('"')
                    .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        } else {
            text.append(value);
        }
    }

    private static boolean hasSpecial(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (isSpecial(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSpecial(char c) {
        if (c > ' ' && c <= '~') {
            return c == '"' || c == '=';
        }
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
