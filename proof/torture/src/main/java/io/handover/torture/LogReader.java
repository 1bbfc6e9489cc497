package io.handover.torture;

import io.handover.terminal.CommandException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A consumer that reads topics from beginning to end. */
final class LogReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KafkaConsumer<String, byte[]> consumer;

    private LogReader(KafkaConsumer<String, byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Creates a reader with this isolation level. */
    static LogReader of(String bootstrapServers, IsolationLevel isolation) {
        return new LogReader(new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation.toString(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer()));
    }

    List<TopicPartition> partitionsOf(String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** Returns the end offsets for the isolation level of this reader. */
    Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return consumer.endOffsets(partitions);
    }

    /**
     * Passes every record of a partition to the visitor, in order.
     *
     * @throws CommandException after a time-out
     */
    void read(TopicPartition partition, Consumer<ConsumerRecord<String, byte[]>> visitor) {
        long end = ends(List.of(partition)).getOrDefault(partition, 0L);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < end) {
            consumer.poll(POLL).forEach(visitor);
            if (System.nanoTime() > deadline) {
                throw new CommandException("Cannot read " + partition + " within " + PATIENCE.toSeconds() + " s.");
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
