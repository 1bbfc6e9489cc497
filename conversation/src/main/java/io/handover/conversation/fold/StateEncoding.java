package io.handover.conversation.fold;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the values of which stored states consist. A text is written as its length and its UTF-8 bytes, a
 * list as its size and its elements. An optional value begins with a byte: 1 if the value is present, 0 if it is null.
 */
public final class StateEncoding {

    private StateEncoding() {}

    /** Thrown for bytes that cannot be decoded to a state; the message is the reason. */
    public static final class CorruptStateException extends Exception {

        private static final long serialVersionUID = 1L;

        private CorruptStateException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Reads a state after its version byte. */
    @FunctionalInterface
    interface Decoder<T> {
        T decode(ByteBuffer in, int version);
    }

    /**
     * Decodes a state that begins with a version byte.
     *
     * @param newest the newest version that this release can read
     * @throws CorruptStateException if the bytes are no encoded state
     * @throws IllegalStateException if a newer release wrote the bytes; to continue would lose data of that release
     */
    static <T> T decode(byte[] bytes, int newest, Decoder<T> decoder) throws CorruptStateException {
        if (bytes.length > 0 && bytes[0] > newest) {
            throw new IllegalStateException("Expected a state of version " + newest + " or older, but version "
                    + bytes[0] + " was written by a newer release. Run that release or a newer one.");
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte version = in.get();
            if (version < 1) {
                throw new CorruptStateException("Expected a version of the encoding, but found " + version, null);
            }
            T state = decoder.decode(in, version);
            if (in.hasRemaining()) {
                throw new CorruptStateException("Expected the state to end, but more bytes follow", null);
            }
            return state;
        } catch (RuntimeException e) {
            // Corrupt bytes cause different exceptions: for too few bytes, an unknown name, or an impossible size.
            throw new CorruptStateException("Expected a whole state, but it is cut short or garbled", e);
        }
    }

    static boolean flag(ByteBuffer in) {
        byte flag = in.get();
        if (flag != 0 && flag != 1) {
            throw new IllegalArgumentException("Expected 0 or 1, but found " + flag);
        }
        return flag == 1;
    }

    /** Reads a size. Rejects a size above the number of remaining bytes, so that a corrupt size allocates no memory. */
    static int size(ByteBuffer in) {
        int size = in.getInt();
        if (size < 0 || size > in.remaining()) {
            throw new IllegalArgumentException("Expected a size, but found " + size);
        }
        return size;
    }

    static <T> List<T> list(ByteBuffer in, Function<ByteBuffer, T> element) {
        int size = size(in);
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(element.apply(in));
        }
        return list;
    }

    static @Nullable String optionalText(ByteBuffer in) {
        return flag(in) ? text(in) : null;
    }

    static String text(ByteBuffer in) {
        int length = size(in);
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** A buffer that grows. */
    static final class Writer {

        private ByteBuffer buffer = ByteBuffer.allocate(2_048);

        /** The buffer, with room for this many more bytes. */
        ByteBuffer room(int bytes) {
            if (buffer.remaining() < bytes) {
                int capacity = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
                buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
            }
            return buffer;
        }

        void number(long number) {
            room(Long.BYTES).putLong(number);
        }

        void number(int number) {
            room(Integer.BYTES).putInt(number);
        }

        void flag(boolean flag) {
            room(1).put((byte) (flag ? 1 : 0));
        }

        void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            room(Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8);
        }

        void optionalText(@Nullable String text) {
            flag(text != null);
            if (text != null) {
                text(text);
            }
        }

        byte[] bytes() {
            byte[] bytes = new byte[buffer.position()];
            buffer.flip().get(bytes);
            return bytes;
        }
    }
}
