package io.handover.schema;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a delivery whose JSON is plain, as that of nearly all deliveries is: ASCII without escapes, no field
 * twice, no number but an integer, and each field of the expected JSON type. It gives up at anything else, also at broken
 * JSON, and {@link DeliveryParser} then reads the delivery from its start. So this class has no errors and no conversions,
 * and is faster.
 */
final class DeliveryScanner {

    /** A longer delivery is rare, and its names or texts could be beyond the limits of the parser. */
    private static final int LONGEST = 32 * 1024;

    /** Below the limit of the parser. */
    private static final int DEEPEST = 32;

    /** An integer of so many digits fits into a long. */
    private static final int MOST_DIGITS = 18;

    /** The bytes that end a plain text, or are not in one: the quote, the backslash, control characters, all beyond ASCII. */
    private static final boolean[] STOPS = stops();

    private static final Names TOP = Names.of(DeliveryField.OF_TOP_LEVEL);
    private static final Names DETAIL = Names.of(DeliveryField.OF_DETAIL);
    private static final Names BODY = Names.of(DeliveryField.OF_BODY);

    private final byte[] json;
    private int at;

    private DeliveryScanner(byte[] json) {
        this.json = json;
    }

    private static boolean[] stops() {
        boolean[] stops = new boolean[256];
        Arrays.fill(stops, 0, ' ', true);
        Arrays.fill(stops, Byte.MAX_VALUE + 1, stops.length, true);
        stops['"'] = true;
        stops['\\'] = true;
        return stops;
    }

    /** Returns the fields; null if the JSON is not plain. */
    static @Nullable DeliveryValues readOrNull(byte[] json) {
        if (json.length > LONGEST) {
            return null;
        }
        DeliveryScanner scanner = new DeliveryScanner(json);
        DeliveryValues values = new DeliveryValues();
        boolean isPlain = scanner.skip('{') && scanner.readFields(TOP, values) && scanner.next() < 0;
        return isPlain ? values : null;
    }

    /** The fields of one JSON object by name. A name is found by its first bytes, so its end is not searched. */
    private static final class Names {

        private static final int SIZE = 256;

        /** Every name has two characters or more, and its closing quote. */
        private static final int SHORTEST = 3;

        private final @Nullable DeliveryField[] fields = new DeliveryField[SIZE];

        /** The names with their closing quotes. */
        private final byte[][] names = new byte[SIZE][];

        static Names of(Set<DeliveryField> fields) {
            Names names = new Names();
            for (DeliveryField field : fields) {
                byte[] name = (field.jsonName() + '"').getBytes(StandardCharsets.US_ASCII);
                int place = place(name, 0);
                while (names.fields[place] != null) {
                    place = next(place);
                }
                names.fields[place] = field;
                names.names[place] = name;
            }
            return names;
        }

        private static int place(byte[] json, int from) {
            return (json[from] * 31 + json[from + 1] * 7 + json[from + 2]) & SIZE - 1;
        }

        private static int next(int place) {
            return place + 1 & SIZE - 1;
        }

        /** Returns the place of the name that begins here, after its opening quote; -1 if it is none of these names. */
        int find(byte[] json, int from) {
            if (json.length - from < SHORTEST) {
                return -1;
            }
            for (int place = place(json, from); fields[place] != null; place = next(place)) {
                byte[] name = names[place];
                int end = from + name.length;
                if (end <= json.length && Arrays.equals(name, 0, name.length, json, from, end)) {
                    return place;
                }
            }
            return -1;
        }
    }

    /** Reads the fields of an object after its brace, and the closing brace. */
    private boolean readFields(Names names, DeliveryValues values) {
        if (skip('}')) {
            return true;
        }
        long seen = 0;
        do {
            if (!skip('"')) {
                return false;
            }
            int place = names.find(json, at);
            if (place < 0) {
                if (endOfText() < 0 || !skip(':') || !skipValue(0)) {
                    return false;
                }
                continue;
            }
            at += names.names[place].length;
            DeliveryField field = names.fields[place];
            long bit = 1L << field.index();
            if (!skip(':') || (seen & bit) != 0 || !readValue(field, values)) {
                return false;
            }
            seen |= bit;
        } while (skip(','));
        return skip('}');
    }

    /**
     * Reads the value of a field by its JSON type. Texts, numbers and objects are each read at one place only: at each place,
     * Java copies their code into that of this method. With a place per kind of field, compiling this method took a third
     * of all that the fastest compiler did in the first seconds.
     */
    private boolean readValue(DeliveryField field, DeliveryValues values) {
        return switch (next()) {
            case '"' -> readText(field, values);
            case '{' -> readObject(field, values);
            case 'n' -> skipWord("null");
            default -> readInteger(field, values);
        };
    }

    private boolean readText(DeliveryField field, DeliveryValues values) {
        String text = textOrNull();
        if (text == null) {
            return false;
        }
        switch (field.kind()) {
            case TEXT, BOUNDED_TEXT, TIME_TEXT -> values.set(field, text);
            case ID -> values.set(field, Delivery.present(text));
            case EPOCH_MILLIS -> values.set(field, IsoTime.parseOrNull(text));
            case NUMBER, DETAIL, EVENT_BODY -> {
                return false;
            }
        }
        return true;
    }

    private boolean readInteger(DeliveryField field, DeliveryValues values) {
        Long number = integerOrNull();
        if (number == null) {
            return false;
        }
        switch (field.kind()) {
            case NUMBER -> values.set(field, number);
            case EPOCH_MILLIS -> values.set(field, IsoTime.inRangeOrNull(number));
            case TEXT, BOUNDED_TEXT, TIME_TEXT, ID, DETAIL, EVENT_BODY -> {
                return false;
            }
        }
        return true;
    }

    private boolean readObject(DeliveryField field, DeliveryValues values) {
        at++;
        return switch (field.kind()) {
            case DETAIL -> {
                DeliveryValues detail = new DeliveryValues();
                values.set(DeliveryField.DETAIL, detail);
                yield readFields(DETAIL, detail);
            }
            case EVENT_BODY -> readFields(BODY, values);
            case TEXT, BOUNDED_TEXT, TIME_TEXT, ID, NUMBER, EPOCH_MILLIS -> false;
        };
    }

    private @Nullable String textOrNull() {
        if (!skip('"')) {
            return null;
        }
        int from = at;
        int to = endOfText();
        return to < 0 ? null : new String(json, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Returns the integer that begins here; null if there is none, or it has a leading zero, a fraction or an exponent. */
    private @Nullable Long integerOrNull() {
        boolean negative = next() == '-';
        int from = negative ? at + 1 : at;
        long value = 0;
        int end = from;
        while (end < json.length && json[end] >= '0' && json[end] <= '9' && end - from <= MOST_DIGITS) {
            value = value * 10 + json[end++] - '0';
        }
        int digits = end - from;
        if (digits == 0 || digits > MOST_DIGITS || (digits > 1 && json[from] == '0') || !endsValue(end)) {
            return null;
        }
        at = end;
        return negative ? -value : value;
    }

    private boolean endsValue(int index) {
        return index < json.length
                && (json[index] == ',' || json[index] == '}' || json[index] == ']' || isSpace(index));
    }

    private boolean skipValue(int depth) {
        return switch (next()) {
            case '"' -> skipText();
            case '{' -> depth < DEEPEST && skipObject(depth + 1);
            case '[' -> depth < DEEPEST && skipArray(depth + 1);
            case 't' -> skipWord("true");
            case 'f' -> skipWord("false");
            case 'n' -> skipWord("null");
            default -> integerOrNull() != null;
        };
    }

    private boolean skipObject(int depth) {
        at++;
        if (skip('}')) {
            return true;
        }
        do {
            if (!skipText() || !skip(':') || !skipValue(depth)) {
                return false;
            }
        } while (skip(','));
        return skip('}');
    }

    private boolean skipArray(int depth) {
        at++;
        if (skip(']')) {
            return true;
        }
        do {
            if (!skipValue(depth)) {
                return false;
            }
        } while (skip(','));
        return skip(']');
    }

    private boolean skipWord(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= json.length || json[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at += word.length();
        return endsValue(at);
    }

    private boolean skipText() {
        return skip('"') && endOfText() >= 0;
    }

    /** Skips the rest of a text and its quote, and returns where the quote is; -1 if the text is not plain. */
    private int endOfText() {
        byte[] bytes = json;
        int end = at;
        while (end < bytes.length && !STOPS[bytes[end] & 0xff]) {
            end++;
        }
        if (end == bytes.length || bytes[end] != '"') {
            return -1;
        }
        at = end + 1;
        return end;
    }

    /** Skips white space and this character; only the white space if another one follows. */
    private boolean skip(char expected) {
        // Most JSON has no white space here.
        if ((at == json.length || json[at] != expected) && next() != expected) {
            return false;
        }
        at++;
        return true;
    }

    /** Skips white space, and returns the character after it; -1 at the end. */
    private int next() {
        while (at < json.length && isSpace(at)) {
            at++;
        }
        return at < json.length ? json[at] & 0xff : -1;
    }

    private boolean isSpace(int index) {
        byte b = json[index];
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
