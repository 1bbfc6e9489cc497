package io.handover.streams;

import io.handover.conversation.fold.IdEncoding;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;

/**
 * A key of the stores that are ordered by time: {@code [time, 8 bytes big endian][id]}. A key of the timer index has this
 * form if the timer is of a conversation.
 */
final class TimeKey {

    /** In place of the first byte of an encoded conversation id. */
    static final byte AGENT = (byte) 0xff;

    private TimeKey() {}

    /** Returns the key. A time before 1970 counts as 1970, because the bytes of a negative number sort last. */
    static Bytes of(long time, String id) {
        byte[] encoded = IdEncoding.encode(id);
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + encoded.length)
                .putLong(Math.max(0, time))
                .put(encoded)
                .array());
    }

    /** Returns the key before every key with this time or a later one. */
    static Bytes from(long time) {
        return Bytes.wrap(
                ByteBuffer.allocate(Long.BYTES).putLong(Math.max(0, time)).array());
    }

    /** Whether the key is of the timer of an agent. No encoded id begins with this byte. */
    static boolean isOfAgent(Bytes key) {
        return key.get().length > Long.BYTES && key.get()[Long.BYTES] == AGENT;
    }

    static long time(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong();
    }

    static String id(Bytes key) {
        return IdEncoding.decode(key.get(), Long.BYTES);
    }
}
