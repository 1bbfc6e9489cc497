package io.handover.streams;

import io.handover.conversation.fold.StoredConversation;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ended conversations whose retention is over. It passes over all states several times per retention, in small
 * steps that are spread evenly over the stream time. A timer per ended conversation would cost more: two writes to a store
 * and its changelog, and a larger restore.
 */
final class RetentionSweep {

    /** How many states a step looks at. */
    private static final int STEP = 64;

    /** A state is deleted a quarter of the retention late at most, or with the next records if the log runs faster. */
    private static final int PASSES = 8;

    private final KeyValueStore<String, byte[]> conversations;

    /**
     * Where the next step begins; null if a pass begins. The first step begins anywhere: if it began with the first key, a
     * task that starts often would never reach the last ones.
     */
    private @Nullable String position = UUID.randomUUID().toString();

    /** The stream time of the next step. */
    private long next;

    /** Whether this pass has begun with the first key, and found no state. */
    private boolean isNoneFound;

    /** Whether a whole pass has found no state, and none was written since. */
    private boolean isEmpty;

    RetentionSweep(KeyValueStore<String, byte[]> conversations) {
        this.conversations = conversations;
    }

    /** A state was written. */
    void written() {
        isEmpty = false;
    }

    /** The stream time of the next step; {@link Long#MAX_VALUE} if it would have nothing to look at. */
    long nextStep() {
        return !isEmpty && conversations.approximateNumEntries() > 0 ? next : Long.MAX_VALUE;
    }

    /** Makes a step if one is due, and returns the ids of the conversations whose retention is over. */
    List<String> step(long time, long retentionMs) {
        if (time < next) {
            return List.of();
        }
        // Counted at each step: while a pass lasts, there can be a thousand times as many states.
        long steps = conversations.approximateNumEntries() / STEP + 1;
        next = time + Math.max(1, retentionMs / PASSES / steps);
        isNoneFound |= position == null;
        List<String> expired = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> states = conversations.range(position, null)) {
            isNoneFound &= !states.hasNext();
            for (int i = 0; i < STEP && states.hasNext(); i++) {
                KeyValue<String, byte[]> entry = states.next();
                if (StoredConversation.isEnded(entry.value)
                        && StoredConversation.touchedAt(entry.value) + retentionMs <= time) {
                    expired.add(entry.key);
                }
            }
            position = states.hasNext() ? states.peekNextKey() : null;
        }
        isEmpty = isNoneFound;
        return expired;
    }
}
