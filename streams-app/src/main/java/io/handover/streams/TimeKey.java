package io.handover.streams;

import io.handover.conversation.fold.IdEncoding;
import java.nio.ByteBuffer;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A position in a list of conversations that is ordered by time.
 *
 * @param time epoch ms
 * @param id the conversation id, which orders conversations with the same time
 */
record TimeKey(long time, String id) implements Comparable<TimeKey> {

    @Override
    public int compareTo(TimeKey other) {
        int order = Long.compare(time, other.time);
        return order == 0 ? id.compareTo(other.id) : order;
    }

    /** The text of the key for a URL. */
    String toText() {
        byte[] encoded = IdEncoding.encode(id);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(ByteBuffer.allocate(Long.BYTES + encoded.length)
                        .putLong(time)
                        .put(encoded)
                        .array());
    }

    /** Reads a text of {@link #toText}; null for another text. */
    static @Nullable TimeKey ofText(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return bytes.length < Long.BYTES
                    ? null
                    : new TimeKey(ByteBuffer.wrap(bytes).getLong(), IdEncoding.decode(bytes, Long.BYTES));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
