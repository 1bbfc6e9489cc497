package io.handover.streams;

import io.handover.conversation.Outcome;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverCommand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The last outcomes of a partition, in a ring in memory. The stream thread overwrites the oldest entry with one write and
 * no lock. A query that reads meanwhile may miss the entry that is just written.
 */
final class RecentOutcomes {

    private final int size;
    private final AtomicReferenceArray<@Nullable Entry> ring;
    private final long since;

    /** The number of entries ever written. Only the stream thread uses it. */
    private long written;

    /**
     * An outcome.
     *
     * @param number counts the outcomes of the partition
     * @param at the stream time; of a deadline, when it was due
     * @param event the event, or the order of an operator; null for an outcome that neither has caused
     * @param commands the commands that were sent
     */
    record Entry(
            long number,
            String conversationId,
            long at,
            @Nullable Evidence event,
            Outcome outcome,
            List<HandoverCommand> commands) {}

    /**
     * @param size how many are remembered; 0 for none
     * @param since the time from which on all outcomes are remembered, until the first one is overwritten
     */
    RecentOutcomes(int size, long since) {
        this.size = size;
        this.ring = new AtomicReferenceArray<>(size);
        this.since = since;
    }

    void add(
            String conversationId, long at, @Nullable Evidence event, Outcome outcome, List<HandoverCommand> commands) {
        if (size == 0) {
            return;
        }
        long number = written++;
        ring.lazySet((int) (number % size), new Entry(number, conversationId, at, event, outcome, commands));
    }

    /** The remembered outcomes of a conversation, oldest first. */
    List<Entry> of(String conversationId) {
        List<Entry> found = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Entry entry = ring.get(i);
            if (entry != null && entry.conversationId().equals(conversationId)) {
                found.add(entry);
            }
        }
        found.sort(Comparator.comparingLong(Entry::number));
        return found;
    }

    /** The time from which on all outcomes are remembered, epoch ms. */
    long since() {
        Entry oldest = null;
        for (int i = 0; i < size; i++) {
            Entry entry = ring.get(i);
            if (entry == null) {
                return since;
            }
            oldest = oldest == null || entry.number() < oldest.number() ? entry : oldest;
        }
        return oldest == null || oldest.number() == 0 ? since : oldest.at();
    }
}
