package io.handover.conversation.fold;

import io.handover.conversation.AgentSession;
import io.handover.conversation.Session;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the values of which stored states consist, in few bytes.
 *
 * <ul>
 *   <li>A number has seven bits per byte, lowest first; the highest bit says that more bytes follow (LEB128).
 *   <li>A time is its distance from the base time of the state: often three bytes.
 *   <li>A text is its length and its UTF-8 bytes.
 *   <li>An id is a byte with its form, and 16 bytes for a UUID. If a text is before the UUID, it follows these bytes. Ids
 *       without a UUID are texts.
 * </ul>
 */
public final class StateEncoding {

    /** The texts before a UUID that have a form of their own. {@link AgentSession#id} has them. */
    private static final String[] PREFIXES = {"", "s:", "p:", "u:"};

    private static final int PREFIX_LENGTH = 2;

    private static final int NO_ID = 0;
    private static final int FIRST_PREFIX = 1;
    private static final int TEXT_ID = FIRST_PREFIX + PREFIXES.length;
    private static final int TEXT_AND_UUID = TEXT_ID + 1;
    private static final int MAX_NUMBER_BYTES = 10;

    /**
     * The base time is the time of the state, rounded down to 2^20 ms (17 minutes). It does not change with each event, so
     * that what an event does not change has the same bytes before and after it, which compress well in the changelog. A time
     * within 17 minutes of it takes three bytes.
     */
    private static final long BASE_TIME_MASK = -(1L << 20);

    private StateEncoding() {}

    private static long baseOf(long fullTime) {
        return fullTime & BASE_TIME_MASK;
    }

    /** Thrown for bytes that cannot be decoded to a state; the message is the reason. */
    public static final class CorruptStateException extends Exception {

        private static final long serialVersionUID = 1L;

        private CorruptStateException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Decodes a state that begins with a version byte.
     *
     * @param newest the newest version that this release can read
     * @throws CorruptStateException if the bytes are no encoded state
     * @throws IllegalStateException if a newer release wrote the bytes; to continue would lose data of that release
     */
    static <T> T decode(byte[] bytes, int newest, Function<Reader, T> decoder) throws CorruptStateException {
        if (bytes.length > 0 && bytes[0] > newest) {
            throw new IllegalStateException("Expected a state of version " + newest + " or older, but version "
                    + bytes[0] + " was written by a newer release. Run that release or a newer one.");
        }
        try {
            Reader in = new Reader(bytes);
            int version = in.octet();
            if (version < 1 || version > newest) {
                throw new CorruptStateException("Expected a version of the encoding, but found " + version, null);
            }
            T state = decoder.apply(in);
            if (in.remaining() > 0) {
                throw new CorruptStateException("Expected the state to end, but more bytes follow", null);
            }
            return state;
        } catch (RuntimeException e) {
            // Corrupt bytes cause different exceptions: for too few bytes, an unknown value, or an impossible size.
            throw new CorruptStateException("Expected a whole state, but it is cut short or garbled", e);
        }
    }

    /** Reads what a {@link Writer} wrote. Throws a RuntimeException at bytes that no writer writes. */
    static final class Reader {

        private final byte[] bytes;
        private int position;
        private long base;

        private Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        private int remaining() {
            return bytes.length - position;
        }

        int octet() {
            return bytes[position++] & 0xff;
        }

        /** Reads a time that is written in full, from which the base time follows. */
        long fullTime() {
            long time = wide();
            base = baseOf(time);
            return time;
        }

        /** The time that {@link #time} is relative to. */
        long base() {
            return base;
        }

        long wide() {
            long number = ByteBuffer.wrap(bytes, position, Long.BYTES).getLong();
            position += Long.BYTES;
            return number;
        }

        long number() {
            long number = 0;
            for (int shift = 0; shift < MAX_NUMBER_BYTES * 7; shift += 7) {
                byte next = bytes[position++];
                number |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return number;
                }
            }
            throw new IllegalArgumentException("Expected a number, but it does not end");
        }

        int count() {
            return Math.toIntExact(number());
        }

        /** Reads a size. Rejects one above the number of remaining bytes, so that a corrupt size allocates no memory. */
        int size() {
            long size = number();
            if (size < 0 || size > remaining()) {
                throw new IllegalArgumentException("Expected a size, but found " + size);
            }
            return (int) size;
        }

        long time() {
            long number = number();
            long distance = number - 1;
            return number == 0 ? AgentSession.UNKNOWN : base - ((distance >>> 1) ^ -(distance & 1));
        }

        String text() {
            int length = size();
            position += length;
            return new String(bytes, position - length, length, StandardCharsets.UTF_8);
        }

        @Nullable
        String optionalText() {
            return octet() == 0 ? null : text();
        }

        String id() {
            String id = optionalId();
            if (id == null) {
                throw new IllegalArgumentException("Expected an id, but found none");
            }
            return id;
        }

        @Nullable
        String optionalId() {
            int form = octet();
            if (form == NO_ID) {
                return null;
            }
            if (form == TEXT_ID) {
                return text();
            }
            int begin = position;
            position += IdEncoding.UUID_BYTES;
            String prefix = form == TEXT_AND_UUID ? text() : PREFIXES[form - FIRST_PREFIX];
            return IdEncoding.uuid(prefix, bytes, begin);
        }

        <T> T constant(T[] constants) {
            return constants[octet()];
        }

        <T> List<T> list(Function<Reader, T> element) {
            int size = size();
            List<T> list = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                list.add(element.apply(this));
            }
            return list;
        }

        /** Reads a list of sessions, and adds the bytes of each. */
        <T extends Session> List<T> list(Function<Reader, T> session, SessionBytes decoded) {
            return list(in -> {
                int begin = position;
                T read = session.apply(in);
                decoded.add(read, begin, position);
                return read;
            });
        }

        /** Skips this many bytes, and returns them. */
        ByteBuffer skip(int length) {
            ByteBuffer skipped = ByteBuffer.wrap(bytes, position, length);
            position += length;
            return skipped;
        }
    }

    /** A buffer that grows. It can be used for one state after the other. */
    public static final class Writer {

        private byte[] bytes = new byte[512];
        private int position;
        private long base;

        /** Begins the next state. */
        Writer begin(int version) {
            position = 0;
            octet(version);
            return this;
        }

        private void room(int length) {
            if (bytes.length - position < length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, position + length));
            }
        }

        void octet(int value) {
            room(1);
            bytes[position++] = (byte) value;
        }

        /** Writes the ordinal: the order of the constants never changes, and a new one comes last. */
        @SuppressWarnings("EnumOrdinal")
        void constant(Enum<?> constant) {
            octet(constant.ordinal());
        }

        /** Writes a time in full, from which the base time follows. */
        void fullTime(long time) {
            base = baseOf(time);
            wide(time);
        }

        void wide(long number) {
            skip(Long.BYTES).putLong(number);
        }

        void number(long number) {
            room(MAX_NUMBER_BYTES);
            int at = position;
            long rest = number;
            while ((rest & ~0x7fL) != 0) {
                bytes[at++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            bytes[at++] = (byte) rest;
            position = at;
        }

        /** Writes a time, or {@link AgentSession#UNKNOWN}. A time after the base is possible, so the sign is the lowest bit. */
        void time(long time) {
            long distance = base - time;
            number(time == AgentSession.UNKNOWN ? 0 : ((distance << 1) ^ (distance >> 63)) + 1);
        }

        void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            number(utf8.length);
            room(utf8.length);
            System.arraycopy(utf8, 0, bytes, position, utf8.length);
            position += utf8.length;
        }

        void optionalText(@Nullable String text) {
            octet(text == null ? 0 : 1);
            if (text != null) {
                text(text);
            }
        }

        void id(@Nullable String id) {
            if (id == null) {
                octet(NO_ID);
                return;
            }
            int begin = id.length() - IdEncoding.UUID_CHARS;
            room(1 + IdEncoding.UUID_BYTES);
            if (begin < 0 || !IdEncoding.putUuid(id, begin, bytes, position + 1)) {
                octet(TEXT_ID);
                text(id);
                return;
            }
            int form = form(id, begin);
            bytes[position] = (byte) form;
            position += 1 + IdEncoding.UUID_BYTES;
            if (form == TEXT_AND_UUID) {
                text(id.substring(0, begin));
            }
        }

        private static int form(String id, int begin) {
            if (begin == 0) {
                return FIRST_PREFIX;
            }
            for (int i = 1; i < PREFIXES.length && begin == PREFIX_LENGTH; i++) {
                if (id.charAt(0) == PREFIXES[i].charAt(0) && id.charAt(1) == PREFIXES[i].charAt(1)) {
                    return FIRST_PREFIX + i;
                }
            }
            return TEXT_AND_UUID;
        }

        /** Writes a part of another state, if that has the same version and base time. Otherwise returns false. */
        boolean copy(byte[] other, long otherBase, int begin, int end) {
            if (other[0] != bytes[0] || otherBase != base) {
                return false;
            }
            room(end - begin);
            System.arraycopy(other, begin, bytes, position, end - begin);
            position += end - begin;
            return true;
        }

        /** Room for this many bytes, which the caller fills. */
        ByteBuffer skip(int length) {
            room(length);
            position += length;
            return ByteBuffer.wrap(bytes, position - length, length);
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, position);
        }
    }
}
