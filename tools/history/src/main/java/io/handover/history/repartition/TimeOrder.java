package io.handover.history.repartition;

import io.handover.history.sources.TopicReader;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.PriorityQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The records of a topic in the order of time over its partitions. The time of a record is the stream time of its
 * partition: the highest time of a record up to this one. Each partition keeps its own order.
 */
final class TimeOrder implements AutoCloseable {

    private static final long PIECE_BYTES = 256 * 1024;

    private final TopicReader topic;
    private final PriorityQueue<Cursor> cursors =
            new PriorityQueue<>(Comparator.<Cursor>comparingLong(cursor -> cursor.time)
                    .thenComparingInt(cursor -> cursor.partition.partition()));

    /**
     * A record with the stream time of its partition.
     *
     * @param time epoch ms
     */
    record Entry(ConsumerRecord<byte[], byte[]> record, long time) {}

    /** The next record of a partition. */
    private final class Cursor {

        private final TopicPartition partition;
        private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
        private long time;

        Cursor(TopicPartition partition, long time) {
            this.partition = partition;
            this.time = time;
        }

        /** Moves the time to the next record. Returns false at the end of the partition. */
        boolean fetch() {
            if (records.isEmpty()) {
                records.addAll(topic.take(partition, PIECE_BYTES));
            }
            if (records.isEmpty()) {
                return false;
            }
            time = Math.max(time, records.element().timestamp());
            return true;
        }
    }

    /** @param times the stream time of each partition before its first record, epoch ms, by partition number */
    TimeOrder(TopicReader topic, Map<Integer, Long> times) {
        this.topic = topic;
        for (TopicPartition partition : topic.partitions()) {
            add(new Cursor(partition, times.getOrDefault(partition.partition(), Long.MIN_VALUE)));
        }
    }

    private void add(Cursor cursor) {
        if (cursor.fetch()) {
            cursors.add(cursor);
        }
    }

    /** Returns the next record, the same until {@link #advance} is called; null at the end of the topic. */
    @Nullable
    Entry peek() {
        Cursor cursor = cursors.peek();
        return cursor == null ? null : new Entry(cursor.records.element(), cursor.time);
    }

    void advance() {
        Cursor cursor = cursors.remove();
        cursor.records.remove();
        add(cursor);
    }

    /** Returns the fraction of the offsets that has been read, from 0 to 1. */
    double fraction() {
        long size = 0;
        long done = 0;
        for (TopicPartition partition : topic.partitions()) {
            size += topic.size(partition);
            done += topic.done(partition);
        }
        return size == 0 ? 1 : (double) done / size;
    }

    @Override
    public void close() {
        topic.close();
    }
}
