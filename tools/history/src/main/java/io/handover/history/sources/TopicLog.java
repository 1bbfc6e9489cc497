package io.handover.history.sources;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The log of one partition of a topic. */
public final class TopicLog extends Log {

    private final TopicReader topic;
    private final TopicPartition partition;
    private final DeliveryReader reader;

    public TopicLog(
            TopicReader topic,
            TopicPartition partition,
            DeliveryReader reader,
            ExecutorService workers,
            ReadAhead readAhead) {
        super(workers, readAhead);
        this.topic = topic;
        this.partition = partition;
        this.reader = reader;
    }

    @Override
    @Nullable
    Callable<LogPiece> readPiece(int bytes) {
        List<ConsumerRecord<byte[], byte[]>> piece = topic.take(partition, bytes);
        return piece.isEmpty() ? null : () -> reader.read(partition.toString(), piece);
    }

    @Override
    long done() {
        return topic.done(partition);
    }

    @Override
    long size() {
        return topic.size(partition);
    }

    @Override
    public void close() {
        // All partitions share the TopicReader, so PastDeliveries closes it.
    }
}
