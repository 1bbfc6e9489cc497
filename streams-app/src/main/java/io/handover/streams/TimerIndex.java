package io.handover.streams;

import io.handover.conversation.fold.IdEncoding;
import io.handover.conversation.fold.Timer;
import io.handover.conversation.fold.Timer.Subject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The timers of a partition, ordered by deadline. Each timer has an entry with an empty value; two timers of one
 * conversation with the same deadline share it. The key is
 * {@code [deadline, 8 bytes big endian][conversation id]} or {@code [deadline, 8 bytes big endian][0xff][agent id]}; no
 * id in {@link IdEncoding} begins with the byte 0xff.
 *
 * <p>No timer is below the bound, so a scan starts at the bound. From the beginning, it would read the tombstones of
 * all fired timers. The bound is stored, so that a scan after a restart skips the tombstones, too.
 */
final class TimerIndex {

    /**
     * The key of the stored bound. It sorts before every timer: the key of a timer begins with a byte 0, too, but is
     * longer.
     */
    static final Bytes BOUND_KEY = Bytes.wrap(new byte[] {0});

    /** The bound is stored after so much stream time: a restart reads the tombstones of this time at most. */
    private static final long STORED_EVERY_MS = 60_000;

    private static final byte[] EMPTY = new byte[0];

    private final KeyValueStore<Bytes, byte[]> store;

    /** No timer has an earlier deadline. The value is never below {@link #storedBound}. */
    private long bound;

    /** The bound as it is in the store; a restart begins with it. */
    private long storedBound;

    /**
     * The earliest deadline, or a lower value. It is lower after a {@link #disarm} of the earliest timer, for example.
     */
    private long earliest;

    TimerIndex(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
        byte[] kept = store.get(BOUND_KEY);
        storedBound = kept == null ? 0 : ByteBuffer.wrap(kept).getLong();
        bound = storedBound;
        earliest = bound;
    }

    void arm(Timer timer) {
        long deadline = timer.deadline();
        store.put(key(timer), EMPTY);
        earliest = Math.min(earliest, deadline);
        // A scan starts at the bound, and would never find a timer below it.
        bound = Math.min(bound, deadline);
        if (deadline < storedBound) {
            storeBound();
        }
    }

    void disarm(Timer timer) {
        store.delete(key(timer));
    }

    /** Whether a timer may be due at this time; does not read the store. */
    boolean mayBeDue(long time) {
        return earliest <= time;
    }

    /**
     * The earliest deadline, or {@link Long#MAX_VALUE} without one. It is exact if it is not after the time of the last
     * {@link #isDue}; otherwise it may be lower than the earliest deadline.
     */
    long earliest() {
        return earliest;
    }

    /** Whether there are no timers; reads the store. */
    boolean isEmpty() {
        return !isDue(Long.MAX_VALUE - 1);
    }

    /** Whether a timer is due at this time; reads the store only if {@link #mayBeDue}. */
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
     * Removes the timers that are due at this stream time, and returns them, earliest first.
     *
     * @param max the highest number of timers to remove
     */
    List<Timer> removeDue(long time, int max) {
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
        due.forEach(this::disarm);
        bound = Math.max(bound, Math.min(earliest, time));
        if (bound - storedBound >= STORED_EVERY_MS) {
            storeBound();
        }
        return due;
    }

    private void storeBound() {
        storedBound = bound;
        store.put(BOUND_KEY, ByteBuffer.allocate(Long.BYTES).putLong(bound).array());
    }

    private KeyValueIterator<Bytes, byte[]> from(long deadline) {
        return store.range(
                Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(deadline).array()), null);
    }

    private static Bytes key(Timer timer) {
        if (timer.subject() == Subject.CONVERSATION) {
            return TimeKey.of(timer.deadline(), timer.id());
        }
        byte[] id = IdEncoding.encode(timer.id());
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + 1 + id.length)
                .putLong(timer.deadline())
                .put(TimeKey.AGENT)
                .put(id)
                .array());
    }

    private static Timer timer(Bytes key) {
        byte[] bytes = key.get();
        boolean isAgent = TimeKey.isOfAgent(key);
        return new Timer(
                ByteBuffer.wrap(bytes).getLong(),
                isAgent ? Subject.AGENT : Subject.CONVERSATION,
                IdEncoding.decode(bytes, isAgent ? Long.BYTES + 1 : Long.BYTES));
    }
}
