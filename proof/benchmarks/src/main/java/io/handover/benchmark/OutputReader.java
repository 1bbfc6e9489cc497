package io.handover.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads what a contender has committed, and measures how long after its POST each conversation appears. */
final class OutputReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final double NANOS_PER_MS = 1e6;

    private final Map<String, Long> postedAt = new ConcurrentHashMap<>();
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread = new Thread(this::read, "output-reader");

    /** Guarded by itself. */
    private final List<Double> latenciesMs = new ArrayList<>();

    /** Starts to read at the end of a topic that exists. */
    OutputReader(String kafka, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // The seek is lazy. Without this, the reader would miss what is written before its first poll.
        partitions.forEach(consumer::position);
        thread.start();
    }

    private void read() {
        try {
            while (true) {
                consumer.poll(POLL).forEach(record -> arrived(record.key()));
            }
        } catch (WakeupException e) {
            consumer.close();
        }
    }

    private void arrived(String conversation) {
        Long posted = postedAt.remove(conversation);
        if (posted != null) {
            double ms = (System.nanoTime() - posted) / NANOS_PER_MS;
            synchronized (latenciesMs) {
                latenciesMs.add(ms);
            }
        }
    }

    /** Must be called just before the POST. */
    void posting(String conversation) {
        postedAt.put(conversation, System.nanoTime());
    }

    /** The latencies since the last call. */
    List<Double> take() {
        synchronized (latenciesMs) {
            List<Double> taken = latenciesMs.stream().sorted().toList();
            latenciesMs.clear();
            return taken;
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
