package io.handover.streams;

import io.handover.conversation.fold.IdEncoding;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;

/** A key of what is ordered by time: {@code [time, 8 bytes big endian][id]}. */
final class TimeKey {

    private TimeKey() {}

    /** Returns the key. A time before 1970 counts as 1970, because the bytes of a negative number sort last. */
    static Bytes of(long time, String id) {
        byte[] encoded = IdEncoding.encode(id);
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + encoded.length)
                .putLong(Math.max(0, time))
                .put(encoded)
                .array());
    }

    static long time(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong();
    }

    static String id(Bytes key) {
        return IdEncoding.decode(key.get(), Long.BYTES);
    }
}
