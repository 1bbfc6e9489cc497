package io.handover.streams;

import io.handover.conversation.AgentSession;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.PendingEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The open handovers of a partition, in step with the states: a store with one entry per open handover, ordered by its
 * beginning, and the counts of the partition. An entry is written when a handover opens and deleted when it ends, so an
 * event in between costs no write. Only an event that arrives late, and makes the beginning earlier, moves the entry.
 */
final class OpenHandovers {

    private static final byte[] EMPTY = new byte[0];

    private final KeyValueStore<Bytes, byte[]> store;
    private final LivePartition live;

    OpenHandovers(KeyValueStore<Bytes, byte[]> store, LivePartition live) {
        this.store = store;
        this.live = live;
    }

    /** Follows a change of a state. */
    void changed(String conversationId, ConversationState before, ConversationState after) {
        long was = before.openedAt();
        long is = after.openedAt();
        if (was != is) {
            if (was != AgentSession.UNKNOWN) {
                store.delete(TimeKey.of(was, conversationId));
            }
            if (is != AgentSession.UNKNOWN) {
                store.put(TimeKey.of(is, conversationId), EMPTY);
                live.setOldestOpen(Math.min(live.oldestOpen(), Math.max(0, is)));
            }
            live.countOpen((is == AgentSession.UNKNOWN ? 0 : 1) - (was == AgentSession.UNKNOWN ? 0 : 1));
        }
        EndReason wasHeld = heldFor(before);
        EndReason isHeld = heldFor(after);
        if (wasHeld != isHeld) {
            if (wasHeld != null) {
                live.countHeld(wasHeld, -1);
            }
            if (isHeld != null) {
                live.countHeld(isHeld, 1);
            }
        }
    }

    /**
     * Finds the oldest entry. Call it now and then: a scan from before it would read the tombstones of all handovers that
     * have ended meanwhile.
     */
    void findOldest() {
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(TimeKey.from(live.oldestOpen()), null)) {
            live.setOldestOpen(entries.hasNext() ? TimeKey.time(entries.next().key) : Long.MAX_VALUE);
        }
    }

    /** Counts again, from the store and the states of its conversations. */
    void count(Function<String, @Nullable ConversationState> states) {
        live.resetCounts();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                ConversationState state = states.apply(TimeKey.id(all.next().key));
                if (state == null || state.openedAt() == AgentSession.UNKNOWN) {
                    continue;
                }
                live.countOpen(1);
                EndReason held = heldFor(state);
                if (held != null) {
                    live.countHeld(held, 1);
                }
            }
        }
        findOldest();
    }

    /** Removes the entries of a conversation whose state is lost. It reads all entries. */
    void remove(String conversationId) {
        List<Bytes> lost = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            while (all.hasNext()) {
                Bytes key = all.next().key;
                if (TimeKey.id(key).equals(conversationId)) {
                    lost.add(key);
                }
            }
        }
        lost.forEach(store::delete);
    }

    /** Returns why an end is held, or null. A handover that ends if it stays idle goes on, so it is not held. */
    static @Nullable EndReason heldFor(ConversationState state) {
        PendingEnd pending = state.pending();
        return pending == null || pending.reason() == EndReason.IDLE ? null : pending.reason();
    }
}
