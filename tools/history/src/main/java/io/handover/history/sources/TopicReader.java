package io.handover.history.sources;

import io.handover.service.MissingRight;
import io.handover.terminal.CommandException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic up to the end offsets that its partitions had when the reader was created. The reader joins no consumer
 * group and commits nothing, so it changes nothing on the cluster. Of transactions, it reads only committed ones, as
 * streams-app does.
 */
public final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /**
     * A partition with this many buffered bytes is paused: the consumer fetches all partitions, but the merge may use
     * some of them much later.
     */
    private static final long MAX_BUFFERED_BYTES = 1024 * 1024;

    private final String topic;
    private final String servers;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> begins = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Buffer> buffers = new HashMap<>();

    /**
     * The part of a topic that is read.
     *
     * @param partition the only partition that is read; null for all
     * @param fromOffset the first offset that is read, in each partition
     * @param toOffset the end in each partition: this offset and later ones are not read
     * @param begins the first offset that is read, by partition; a partition that is missing is read from
     *     {@code fromOffset}
     * @param ends the end offsets of an earlier reading, by partition: newer records and newer partitions are not read;
     *     empty if there was no earlier reading
     */
    public record Range(
            String topic,
            @Nullable Integer partition,
            long fromOffset,
            long toOffset,
            Map<Integer, Long> begins,
            Map<Integer, Long> ends) {

        public Range {
            begins = Map.copyOf(begins);
            ends = Map.copyOf(ends);
        }

        /**
         * Returns the range of the whole topic, up to the end offsets of an earlier reading.
         *
         * @param ends by partition; empty if there was no earlier reading
         */
        public static Range all(String topic, Map<Integer, Long> ends) {
            return between(topic, Map.of(), ends);
        }

        /**
         * Returns the range between offsets.
         *
         * @param begins by partition; a partition that is missing is read from its beginning
         * @param ends by partition; empty to read to the current end
         */
        public static Range between(String topic, Map<Integer, Long> begins, Map<Integer, Long> ends) {
            return new Range(topic, null, 0, Long.MAX_VALUE, begins, ends);
        }

        long beginOf(int number) {
            return begins.getOrDefault(number, fromOffset);
        }

        boolean has(int number) {
            return (partition == null || partition == number) && (ends.isEmpty() || ends.containsKey(number));
        }

        long endOf(int number) {
            return Math.min(toOffset, ends.getOrDefault(number, Long.MAX_VALUE));
        }
    }

    /** Holds the records of a partition that are fetched, but not taken yet. */
    private static final class Buffer {

        private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
        private long bytes;

        void add(ConsumerRecord<byte[], byte[]> record) {
            records.add(record);
            bytes += sizeOf(record);
        }

        List<ConsumerRecord<byte[], byte[]>> take(long most) {
            List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
            for (long size = 0; size < most && !records.isEmpty(); ) {
                ConsumerRecord<byte[], byte[]> record = records.remove();
                taken.add(record);
                size += sizeOf(record);
            }
            bytes -= taken.stream().mapToLong(Buffer::sizeOf).sum();
            return taken;
        }

        private static long sizeOf(ConsumerRecord<byte[], byte[]> record) {
            return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize()) + 100L;
        }
    }

    /**
     * Connects to Kafka, and looks up the first offset and the end offset of each partition.
     *
     * @param fromMs epoch ms. Each partition is read from its first record of this time or later. Later offsets can
     *     have earlier times, and are read too. 0 or less to read from the beginning.
     * @throws CommandException if the topic or partition does not exist, or Kafka does not answer
     */
    public TopicReader(Properties client, Range range, long fromMs) {
        topic = range.topic();
        servers = String.valueOf(client.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG));
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        // If retention deletes records before they are read, the reading fails. A reset of the offset would skip them
        // silently.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000");
        properties.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "20000");
        // Settings of streams-app can have a group and its protocol. The reader joins none.
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
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

    private void assign(Range range, long fromMs) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new CommandException("There is no topic " + topic + " on this cluster.");
        }
        List<TopicPartition> partitions = infos.stream()
                .filter(info -> range.has(info.partition()))
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new CommandException(
                    "The topic " + topic + " has no partition " + range.partition() + ", only " + infos.size() + ".");
        }
        consumer.assign(partitions);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> last = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> byTime = offsetsAt(partitions, fromMs, last);
        for (TopicPartition partition : partitions) {
            long begin = Math.max(
                    Math.max(first.getOrDefault(partition, 0L), byTime.getOrDefault(partition, 0L)),
                    range.beginOf(partition.partition()));
            long end = Math.min(last.getOrDefault(partition, 0L), range.endOf(partition.partition()));
            begins.put(partition, Math.min(begin, end));
            ends.put(partition, end);
            buffers.put(partition, new Buffer());
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

    public List<TopicPartition> partitions() {
        return begins.keySet().stream()
                .sorted((a, b) -> Integer.compare(a.partition(), b.partition()))
                .toList();
    }

    /** Returns the end offset of this reading for each partition number. */
    Map<Integer, Long> ends() {
        Map<Integer, Long> byNumber = new TreeMap<>();
        ends.forEach((partition, end) -> byNumber.put(partition.partition(), end));
        return byNumber;
    }

    public long size(TopicPartition partition) {
        return end(partition) - begins.getOrDefault(partition, 0L);
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /** Returns how many of the {@link #size} offsets have been taken. */
    public long done(TopicPartition partition) {
        Buffer buffer = buffer(partition);
        ConsumerRecord<byte[], byte[]> next = buffer.records.peek();
        long offset = next != null ? next.offset() : Math.min(position(partition), end(partition));
        return offset - begins.getOrDefault(partition, 0L);
    }

    /**
     * Takes the next records of a partition; none at the end of its range.
     *
     * @param bytes about how many bytes of records to take
     * @throws CommandException if Kafka cannot be read, or no record arrives for a minute
     */
    public List<ConsumerRecord<byte[], byte[]>> take(TopicPartition partition, long bytes) {
        Buffer buffer = buffer(partition);
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (buffer.records.isEmpty() && position(partition) < end(partition)) {
            if (poll(partition)) {
                giveUp = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > giveUp) {
                throw new CommandException("No record of " + partition + " arrived for " + PATIENCE.toSeconds()
                        + " seconds, but its end is not reached. Check that the cluster is healthy.");
            }
        }
        return buffer.take(bytes);
    }

    /**
     * Resumes this partition, and polls records of all partitions that are not paused. Returns whether records arrived.
     */
    private boolean poll(TopicPartition partition) {
        try {
            consumer.resume(List.of(partition));
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            polled.forEach(this::buffer);
            return !polled.isEmpty();
        } catch (KafkaException e) {
            throw cannotRead(e);
        }
    }

    private long position(TopicPartition partition) {
        try {
            return consumer.position(partition);
        } catch (KafkaException e) {
            throw cannotRead(e);
        }
    }

    private void buffer(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() >= end(partition)) {
            consumer.pause(List.of(partition));
            return;
        }
        Buffer buffer = buffer(partition);
        buffer.add(record);
        if (buffer.bytes >= MAX_BUFFERED_BYTES) {
            consumer.pause(List.of(partition));
        }
    }

    private Buffer buffer(TopicPartition partition) {
        return Objects.requireNonNull(buffers.get(partition), "Expected an assigned partition, but it is not");
    }

    private CommandException cannotRead(KafkaException e) {
        if (e instanceof TimeoutException) {
            return new CommandException(
                    "The topic " + topic + " cannot be read: Kafka does not answer at " + servers + ".", e);
        }
        if (e instanceof TopicAuthorizationException) {
            return new CommandException(
                    MissingRight.onTopic(topic, AclOperation.READ).sentence(servers), e);
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new CommandException("The topic " + topic + " cannot be read: " + cause.getMessage(), e);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
