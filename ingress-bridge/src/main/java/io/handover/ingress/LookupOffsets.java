package io.handover.ingress;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets of the lookups that were read, by partition. Lookups are done in any order, but an offset is committed only
 * when all lookups before it are done. So a lookup that was not done before a crash is read again. Not thread-safe.
 */
final class LookupOffsets {

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private int pending;

    /** The offset of one lookup. */
    static final class Entry {

        private final long offset;
        private boolean isPending = true;

        private Entry(long offset) {
            this.offset = offset;
        }

        /** Whether the lookup is neither done nor forgotten. */
        boolean isPending() {
            return isPending;
        }
    }

    private static final class Partition {

        /** The lookups from the first pending one on, in the order of their offsets. */
        private final Deque<Entry> entries = new ArrayDeque<>();

        private long committed;

        /** @param first the first offset that was read. The committed one is not greater */
        private Partition(long first) {
            committed = first;
        }
    }

    /** Adds a lookup that was just read. The lookups of a partition are added in the order of their offsets. */
    Entry add(TopicPartition partition, long offset) {
        Entry entry = new Entry(offset);
        partitions
                .computeIfAbsent(partition, added -> new Partition(offset))
                .entries
                .addLast(entry);
        pending++;
        return entry;
    }

    /** Marks a pending lookup as done. */
    void done(Entry entry) {
        entry.isPending = false;
        pending--;
    }

    /** The partitions whose lookups are not forgotten. */
    Set<TopicPartition> partitions() {
        return Set.copyOf(partitions.keySet());
    }

    /** The number of lookups that are pending. */
    int pending() {
        return pending;
    }

    /**
     * Returns what can be committed and is not yet: per partition, the offset of the first pending lookup.
     *
     * @param position returns the offset after everything that was read. It counts where no lookup is pending, because
     *     the markers of transactions follow the last lookup
     */
    Map<TopicPartition, OffsetAndMetadata> uncommitted(ToLongFunction<TopicPartition> position) {
        Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
        partitions.forEach((name, partition) -> {
            Deque<Entry> entries = partition.entries;
            while (!entries.isEmpty() && !entries.getFirst().isPending) {
                entries.removeFirst();
            }
            long next = entries.isEmpty() ? position.applyAsLong(name) : entries.getFirst().offset;
            if (next > partition.committed) {
                uncommitted.put(name, new OffsetAndMetadata(next));
            }
        });
        return uncommitted;
    }

    /** Receives the offsets that were committed. */
    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((name, offset) -> {
            Partition partition = partitions.get(name);
            if (partition != null) {
                partition.committed = offset.offset();
            }
        });
    }

    /**
     * Forgets the lookups of partitions that are read by another consumer from now on.
     *
     * @return how many of them were pending
     */
    int forget(Collection<TopicPartition> names) {
        int forgotten = 0;
        for (TopicPartition name : names) {
            Partition partition = partitions.remove(name);
            if (partition != null) {
                for (Entry entry : partition.entries) {
                    if (entry.isPending) {
                        done(entry);
                        forgotten++;
                    }
                }
            }
        }
        return forgotten;
    }
}
