package io.handover.streams;

import io.handover.conversation.fold.Timer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * When each conversation is due, in the order of time: one entry a conversation, key
 * {@code [deadline, 8 bytes big endian][conversation id]}, empty value.
 *
 * <p>A look never starts from zero but from the bound, below which nothing is left: the tombstones of what fired before
 * cost 28 ms a look instead of 0.004 ms, measured after 500 000 of them. The bound is kept in the store, so that a
 * restart does not pay for them either.
 */
final class TimerIndex {

    /** Sorts before every timer: the first byte of a deadline is 0 until the year 2 285 428, and then more follow. */
    private static final Bytes BOUND_KEY = Bytes.wrap(new byte[] {0});

    private static final byte[] EMPTY = new byte[0];

    private final KeyValueStore<Bytes, byte[]> store;

    /** No timer is earlier; never behind the kept one. */
    private long bound;

    /** What a restart begins with. */
    private long keptBound;

    /** No timer is due before; may be too early after a {@link #disarm}, never too late. */
    private long earliest;

    TimerIndex(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        byte[] kept = store.get(BOUND_KEY);
        keptBound = kept == null ? 0 : ByteBuffer.wrap(kept).getLong();
        bound = keptBound;
        earliest = bound;
    }

    void arm(long deadline, String conversationId) {
        store.put(key(deadline, conversationId), EMPTY);
        earliest = Math.min(earliest, deadline);
        // Behind the bound it would never be found.
        bound = Math.min(bound, deadline);
        if (deadline < keptBound) {
            keepBound();
        }
    }

    void disarm(long deadline, String conversationId) {
        store.delete(key(deadline, conversationId));
    }

    /** Whether a look is worth its while; looks at one number. */
    boolean mayBeDue(long time) {
        return earliest <= time;
    }

    /** Whether a timer is due; looks into the store only if {@link #mayBeDue}. */
    boolean isDue(long time) {
        if (!mayBeDue(time)) {
            return false;
        }
        try (KeyValueIterator<Bytes, byte[]> timers = from(bound)) {
            earliest = timers.hasNext() ? timer(timers.next().key).deadline() : Long.MAX_VALUE;
        }
        bound = Math.max(bound, Math.min(earliest, time));
        return mayBeDue(time);
    }

    /**
     * Takes out the timers that are due, earliest first.
     *
     * @param max of which at most so many
     */
    List<Timer> takeDue(long time, int max) {
        List<Timer> due = new ArrayList<>();
        earliest = Long.MAX_VALUE;
        try (KeyValueIterator<Bytes, byte[]> timers = from(bound)) {
            while (timers.hasNext()) {
                KeyValue<Bytes, byte[]> entry = timers.next();
                Timer timer = timer(entry.key);
                if (timer.deadline() > time || due.size() == max) {
                    earliest = timer.deadline();
                    break;
                }
                due.add(timer);
            }
        }
        for (Timer timer : due) {
            disarm(timer.deadline(), timer.conversationId());
        }
        bound = Math.max(bound, Math.min(earliest, time));
        if (!due.isEmpty()) {
            keepBound();
        }
        return due;
    }

    private void keepBound() {
        keptBound = bound;
        store.put(BOUND_KEY, ByteBuffer.allocate(Long.BYTES).putLong(bound).array());
    }

    private KeyValueIterator<Bytes, byte[]> from(long deadline) {
        return store.range(key(deadline, ""), null);
    }

    private static Bytes key(long deadline, String conversationId) {
        byte[] id = conversationId.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(deadline)
                .put(id)
                .array());
    }

    private static Timer timer(Bytes key) {
        byte[] bytes = key.get();
        return new Timer(
                ByteBuffer.wrap(bytes).getLong(),
                new String(bytes, Long.BYTES, bytes.length - Long.BYTES, StandardCharsets.UTF_8));
    }
}
