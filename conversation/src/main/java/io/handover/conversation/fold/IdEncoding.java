package io.handover.conversation.fold;

import java.nio.charset.StandardCharsets;

/**
 * Encodes ids in keys and values of the state stores. Genesys' ids are UUIDs: one in the canonical form takes 16 bytes and
 * not 36. Every other id is kept as text, so that each id is read as it was written.
 */
public final class IdEncoding {

    static final int UUID_BYTES = 16;
    static final int UUID_CHARS = 36;

    private static final byte TEXT = 0;
    private static final byte UUID = 1;

    /** Where the two digits of each byte are in the text. */
    private static final int[] DIGITS_AT = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

    private static final int[] DASHES_AT = {8, 13, 18, 23};
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private IdEncoding() {}

    /** Encodes an id as a whole key, or as the end of one. */
    public static byte[] encode(String id) {
        if (isUuid(id, 0)) {
            byte[] uuid = new byte[1 + UUID_BYTES];
            uuid[0] = UUID;
            putUuid(id, 0, uuid, 1);
            return uuid;
        }
        byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
        byte[] text = new byte[1 + utf8.length];
        text[0] = TEXT;
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
        if (length >= 0 && bytes[from] == TEXT) {
            return new String(bytes, from + 1, length, StandardCharsets.UTF_8);
        }
        if (length == UUID_BYTES && bytes[from] == UUID) {
            return uuid("", bytes, from + 1);
        }
        throw new IllegalArgumentException("Expected an id, but found " + Math.max(0, length + 1) + " other bytes");
    }

    /**
     * Whether the text from this index on is a UUID in the canonical form. With an upper-case digit it is not, because it
     * would be read as another text.
     */
    static boolean isUuid(String text, int from) {
        if (text.length() != from + UUID_CHARS) {
            return false;
        }
        for (int dash : DASHES_AT) {
            if (text.charAt(from + dash) != '-') {
                return false;
            }
        }
        for (int at : DIGITS_AT) {
            if ((digit(text.charAt(from + at)) | digit(text.charAt(from + at + 1))) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Puts the UUID that the text has from this index on. Valid only if {@link #isUuid}. */
    static void putUuid(String text, int from, byte[] out, int at) {
        for (int i = 0; i < UUID_BYTES; i++) {
            int begin = from + DIGITS_AT[i];
            out[at + i] = (byte) (digit(text.charAt(begin)) << 4 | digit(text.charAt(begin + 1)));
        }
    }

    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    /** Returns the prefix and the UUID in its canonical form. */
    @SuppressWarnings("deprecation") // the fast way from ASCII to a string
    static String uuid(String prefix, byte[] bytes, int from) {
        int begin = prefix.length();
        byte[] text = new byte[begin + UUID_CHARS];
        prefix.getBytes(0, begin, text, 0);
        for (int dash : DASHES_AT) {
            text[begin + dash] = '-';
        }
        for (int i = 0; i < UUID_BYTES; i++) {
            text[begin + DIGITS_AT[i]] = DIGITS[bytes[from + i] >> 4 & 0xf];
            text[begin + DIGITS_AT[i] + 1] = DIGITS[bytes[from + i] & 0xf];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
