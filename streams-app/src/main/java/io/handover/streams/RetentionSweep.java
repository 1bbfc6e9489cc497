package io.handover.streams;

import io.handover.conversation.fold.StoredConversation;
import java.util.ArrayList;
import java.util.List;
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

    /** A state is deleted an eighth of the retention late at most, or with the next records if the log runs faster. */
    private static final int PASSES = 8;

    private final KeyValueStore<String, byte[]> conversations;

    /** Where the next step begins; null if a pass begins. */
    private @Nullable String position;

    /** The stream time of the next step. */
    private long next;

    private long interval;

    RetentionSweep(KeyValueStore<String, byte[]> conversations) {
        this.conversations = conversations;
    }

    /** Whether a step is due at this stream time that has something to look at. */
    boolean isDue(long time) {
        return next <= time && conversations.approximateNumEntries() > 0;
    }

    /** Makes a step if one is due, and returns the ids of the conversations whose retention is over. */
    List<String> step(long time, long retentionMs) {
        if (time < next) {
            return List.of();
        }
        if (position == null) {
            long steps = conversations.approximateNumEntries() / STEP + 1;
            interval = Math.max(1, retentionMs / PASSES / steps);
        }
        next = time + interval;
        List<String> expired = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> states = conversations.range(position, null)) {
            for (int i = 0; i < STEP && states.hasNext(); i++) {
                KeyValue<String, byte[]> entry = states.next();
                if (StoredConversation.isEnded(entry.value)
                        && StoredConversation.touchedAt(entry.value) + retentionMs <= time) {
                    expired.add(entry.key);
                }
            }
            position = states.hasNext() ? states.peekNextKey() : null;
        }
        return expired;
    }
}
