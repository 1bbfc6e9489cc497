package io.handover.conversation.fold;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Encodes ids in keys and values of the state stores. Genesys' ids are UUIDs: one in the canonical form takes 16 bytes and
 * not 36. Every other id is kept as text, so that each id is read as it was written.
 */
public final class IdEncoding {

    static final int UUID_BYTES = 16;
    static final int UUID_CHARS = 36;

    private static final byte TEXT_FORM = 0;
    private static final byte UUID_FORM = 1;

    /** Where the two digits of each byte are in the text. */
    private static final int[] DIGITS_AT = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** The value of each digit; -1 for other characters. */
    private static final byte[] VALUES = values();

    private IdEncoding() {}

    private static byte[] values() {
        byte[] values = new byte[Byte.MAX_VALUE];
        Arrays.fill(values, (byte) -1);
        for (byte i = 0; i < DIGITS.length; i++) {
            values[DIGITS[i]] = i;
        }
        return values;
    }

    /** Encodes an id as a whole key, or as the end of one. */
    public static byte[] encode(String id) {
        if (id.length() == UUID_CHARS) {
            byte[] uuid = new byte[1 + UUID_BYTES];
            uuid[0] = UUID_FORM;
            if (putUuid(id, 0, uuid, 1)) {
                return uuid;
            }
        }
        byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
        byte[] text = new byte[1 + utf8.length];
        text[0] = TEXT_FORM;
        System.arraycopy(utf8, 0, text, 1, utf8.length);
        return text;
    }

    /**
     * Decodes what {@link #encode} wrote.
     *
     * @param from where the encoded id begins; it ends with the bytes
     * @throws IllegalArgumentException if the bytes are no encoded id
     */
    public static String decode(byte[] bytes, int from) {
        int length = bytes.length - from - 1;
        if (length >= 0 && bytes[from] == TEXT_FORM) {
            return new String(bytes, from + 1, length, StandardCharsets.UTF_8);
        }
        if (length == UUID_BYTES && bytes[from] == UUID_FORM) {
            return uuid("", bytes, from + 1);
        }
        throw new IllegalArgumentException("Expected an id, but found " + Math.max(0, length + 1) + " other bytes");
    }

    /**
     * Puts the UUID that begins in the text at this index and ends with the text. With an upper-case digit it is not in the
     * canonical form, and would be read as another text.
     *
     * @return false if there is no canonical UUID; the bytes then have no meaning
     */
    static boolean putUuid(String text, int from, byte[] out, int at) {
        if (text.length() != from + UUID_CHARS
                || text.charAt(from + 8) != '-'
                || text.charAt(from + 13) != '-'
                || text.charAt(from + 18) != '-'
                || text.charAt(from + 23) != '-') {
            return false;
        }
        int wrong = 0;
        for (int i = 0; i < UUID_BYTES; i++) {
            int begin = from + DIGITS_AT[i];
            int value = digit(text.charAt(begin)) << 4 | digit(text.charAt(begin + 1));
            wrong |= value;
            out[at + i] = (byte) value;
        }
        return wrong >= 0;
    }

    /** Returns the value of a digit; negative for another character. */
    private static int digit(char c) {
        return c < VALUES.length ? VALUES[c] : -1;
    }

    /** Returns the prefix and the UUID in its canonical form. */
    static String uuid(String prefix, byte[] bytes, int from) {
        ByteBuffer uuid = ByteBuffer.wrap(bytes, from, UUID_BYTES);
        String text = new UUID(uuid.getLong(), uuid.getLong()).toString();
        return prefix.isEmpty() ? text : prefix + text;
    }
}
