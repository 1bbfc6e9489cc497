package io.handover.history;

import io.handover.service.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic up to where it ended when this began, and changes nothing on the cluster: it joins no group and commits
 * nothing. Of transactions it sees what was committed, as the application does.
 */
final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Of one partition, so that one that is read later does not fill the memory meanwhile. */
    private static final int MAX_BUFFERED = 5_000;

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> begins = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> buffers = new HashMap<>();

    /**
     * A range of a topic.
     *
     * @param fromOffset the first offset of each partition that is read
     * @param toOffset the first that is not
     */
    record Range(String topic, long fromOffset, long toOffset) {

        static Range all(String topic) {
            return new Range(topic, 0, Long.MAX_VALUE);
        }
    }

    /**
     * Connects, and looks where the topic begins and ends.
     *
     * @param fromMs records before that time are skipped, as far as the broker can tell where they end
     * @throws CommandException if there is no such topic, or no Kafka
     */
    TopicReader(Properties client, Range range, long fromMs) {
        topic = range.topic();
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        try {
            consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw cannotRead(e);
        }
        try {
            assign(range, fromMs);
        } catch (KafkaException e) {
            consumer.close();
            throw cannotRead(e);
        } catch (CommandException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * What a Kafka client is configured with.
     *
     * @param config a properties file, or null
     * @throws CommandException if the file cannot be read
     */
    static Properties client(String bootstrapServer, @Nullable Path config) {
        Properties properties = new Properties();
        if (config != null) {
            try (Reader reader = Files.newBufferedReader(config, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new CommandException("The file " + config + " cannot be read as UTF-8 properties.", e);
            }
        }
        properties.put("bootstrap.servers", bootstrapServer);
        return properties;
    }

    private void assign(Range range, long fromMs) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new CommandException("There is no topic " + topic + " on this cluster.");
        }
        List<TopicPartition> partitions = infos.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> last = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> byTime = offsetsAt(partitions, fromMs, last);
        for (TopicPartition partition : partitions) {
            long begin = Math.max(
                    Math.max(first.getOrDefault(partition, 0L), byTime.getOrDefault(partition, 0L)),
                    range.fromOffset());
            long end = Math.min(last.getOrDefault(partition, 0L), range.toOffset());
            begins.put(partition, Math.min(begin, end));
            ends.put(partition, end);
            buffers.put(partition, new ArrayDeque<>());
            consumer.seek(partition, Math.min(begin, end));
        }
    }

    private Map<TopicPartition, Long> offsetsAt(
            List<TopicPartition> partitions, long fromMs, Map<TopicPartition, Long> last) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> offsets.put(partition, 0L));
        if (fromMs > 0) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, fromMs));
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
            partitions.forEach(partition -> {
                OffsetAndTimestamp offset = found.get(partition);
                offsets.put(partition, offset == null ? last.getOrDefault(partition, 0L) : offset.offset());
            });
        }
        return offsets;
    }

    List<TopicPartition> partitions() {
        return begins.keySet().stream()
                .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
                .toList();
    }

    long size(TopicPartition partition) {
        return end(partition) - begins.getOrDefault(partition, 0L);
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /** The next records of a partition; none at its end. */
    List<ConsumerRecord<byte[], byte[]>> take(TopicPartition partition) {
        Deque<ConsumerRecord<byte[], byte[]>> buffer = buffers.getOrDefault(partition, new ArrayDeque<>());
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (buffer.isEmpty() && consumer.position(partition) < end(partition)) {
                consumer.resume(List.of(partition));
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                polled.forEach(this::buffer);
                giveUp = polled.isEmpty() ? giveUp : System.nanoTime() + PATIENCE.toNanos();
                if (System.nanoTime() > giveUp) {
                    throw new CommandException("Nothing came of " + partition + " for " + PATIENCE.toSeconds()
                            + " seconds, though it has not ended; is the cluster healthy?");
                }
            }
        } catch (KafkaException e) {
            throw cannotRead(e);
        }
        List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>(buffer);
        buffer.clear();
        return taken;
    }

    private void buffer(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() >= end(partition)) {
            consumer.pause(List.of(partition));
            return;
        }
        Deque<ConsumerRecord<byte[], byte[]>> buffer = buffers.get(partition);
        if (buffer != null) {
            buffer.add(record);
            if (buffer.size() == MAX_BUFFERED) {
                consumer.pause(List.of(partition));
            }
        }
    }

    private CommandException cannotRead(KafkaException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new CommandException("The topic " + topic + " cannot be read: " + cause.getMessage(), e);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
