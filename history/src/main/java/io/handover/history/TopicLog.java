package io.handover.history;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A partition of a topic. */
final class TopicLog extends Log {

    private final TopicReader topic;
    private final TopicPartition partition;
    private final DeliveryReader reader;
    private long read;

    TopicLog(TopicReader topic, TopicPartition partition, DeliveryReader reader, ExecutorService workers) {
        super(workers);
        this.topic = topic;
        this.partition = partition;
        this.reader = reader;
    }

    @Override
    @Nullable
    Callable<Chunk> readPiece() {
        List<ConsumerRecord<byte[], byte[]>> piece = topic.take(partition);
        read += piece.size();
        return piece.isEmpty() ? null : () -> reader.read(partition.toString(), piece);
    }

    @Override
    long done() {
        return read;
    }

    @Override
    long size() {
        return topic.size(partition);
    }

    @Override
    public void close() {
        // the reader of the topic is closed once for all its partitions
    }
}
