package io.handover.history.cluster;

import io.handover.history.sources.FileEntries;
import io.handover.service.MissingRight;
import io.handover.terminal.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records in transactions. Each transaction also commits the positions of the writing, so they are
 * correct even after a kill.
 *
 * <p>The positions are the committed offsets of a consumer group without members. The group id is also the
 * transactional id: a second writer with the same name fences the first.
 */
public final class TransactionWriter implements AutoCloseable {

    /**
     * The age at which a transaction is due for its commit. Consumers that read committed records see its records only
     * after the commit.
     */
    private static final long TRANSACTION_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int TRANSACTION_RECORDS = 10_000;

    /**
     * Larger than any record of a source, so that only the {@code max.message.bytes} of the topic limits a record.
     */
    private static final int MAX_REQUEST_BYTES = 2 * FileEntries.MAX_ENTRY_BYTES;

    /** The end of the message if a topic does not permit Read to a position. The exception has no type of its own. */
    private static final String TOPIC_REFUSED = "Topic authorization failed.";

    private final Properties client;
    private final String activity;
    private final String name;
    private final String servers;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ConsumerGroupMetadata group;
    private final Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    private final AtomicReference<@Nullable Rejection> rejection = new AtomicReference<>();
    private int inTransaction;
    private long begunAt;

    /** A record that Kafka rejected, and where it came from. */
    private record Rejection(String source, long number, ProducerRecord<byte[], byte[]> record, Exception reason) {}

    /**
     * Connects to Kafka, and fences any other writer with the same name.
     *
     * @param activity what the records are written for, such as {@code replay}
     * @param name the id of the consumer group, and the transactional id
     * @param partitions the partitions whose offsets are the positions
     * @throws CommandException if Kafka does not answer or rejects a request
     */
    public TransactionWriter(Properties client, String activity, String name, Set<TopicPartition> partitions) {
        this.activity = activity + " " + name;
        this.client = client;
        this.name = name;
        this.servers = String.valueOf(client.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG));
        try {
            producer =
                    new KafkaProducer<>(properties(client, name), new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw explained(e);
        }
        try {
            // Fences other writers before the positions are read, so that no other writer can change them afterwards.
            producer.initTransactions();
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    groupOf(client, name), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                group = consumer.groupMetadata();
                consumer.committed(partitions).forEach((partition, offset) -> {
                    // Kafka answers null for a partition without an offset.
                    if (offset != null) {
                        positions.put(partition, offset);
                    }
                });
            }
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw explained(e);
        }
    }

    private static Properties properties(Properties client, String name) {
        Properties properties = new Properties();
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "10");
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(256 * 1024));
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.putAll(client);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(MAX_REQUEST_BYTES));
        // Without these two settings, the client chooses the partition by the key, as the bridge does. All deliveries
        // of a conversation must be in the same partition.
        properties.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
        properties.remove(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG);
        return properties;
    }

    private static Properties groupOf(Properties client, String name) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, name);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        // With read_committed, the consumer waits until a pending transaction of the position has ended.
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return properties;
    }

    /**
     * Returns the positions at the time when the writer connected; none if the writing had not begun, or Kafka had
     * deleted them.
     */
    public Map<TopicPartition, OffsetAndMetadata> positions() {
        return Map.copyOf(positions);
    }

    /**
     * Writes a record. If Kafka rejects it, a later call throws.
     *
     * @param source the file or partition of the record, for messages
     * @param number the line in the file or the offset in the partition, for messages
     */
    public void write(String source, long number, ProducerRecord<byte[], byte[]> record) {
        try {
            if (inTransaction == 0) {
                producer.beginTransaction();
                begunAt = System.nanoTime();
            }
            inTransaction++;
            // The callback receives the failure, so the future is not used.
            Future<RecordMetadata> unused = producer.send(record, (metadata, e) -> {
                if (e != null) {
                    rejection.compareAndSet(null, new Rejection(source, number, record, e));
                }
            });
        } catch (KafkaException e) {
            throw explained(e);
        }
    }

    /** Returns whether the open transaction has reached the maximum number of records or the maximum age. */
    public boolean isCommitDue() {
        return inTransaction >= TRANSACTION_RECORDS
                || (inTransaction > 0 && System.nanoTime() - begunAt >= TRANSACTION_NANOS);
    }

    /**
     * Commits the written records together with positions.
     *
     * @param moved the positions after these records
     */
    public void commit(Map<TopicPartition, OffsetAndMetadata> moved) {
        try {
            if (inTransaction == 0) {
                producer.beginTransaction();
            }
            producer.sendOffsetsToTransaction(moved, group);
            producer.commitTransaction();
            inTransaction = 0;
        } catch (KafkaException e) {
            Rejection rejected = rejection.get();
            // The refusal of a position aborts the records too.
            throw isTopicRefused(rejected == null ? e : rejected.reason())
                    ? unreadable(moved.keySet(), e)
                    : explained(e);
        }
    }

    /** Names the topic of the positions that the user may not read. */
    private CommandException unreadable(Set<TopicPartition> partitions, KafkaException e) {
        try (Cluster cluster = new Cluster(client)) {
            return partitions.stream()
                    .map(TopicPartition::topic)
                    .filter(topic -> !cluster.mayRead(topic))
                    .findFirst()
                    .map(topic -> new CommandException(
                            MissingRight.onTopic(topic, AclOperation.READ).sentence(servers), e))
                    .orElseGet(() -> explained(e));
        }
    }

    private CommandException explained(KafkaException e) {
        Rejection rejected = rejection.get();
        if (rejected != null && rejected.reason() instanceof RecordTooLargeException) {
            int bytes =
                    rejected.record().value() == null ? 0 : rejected.record().value().length;
            return new CommandException(
                    where(rejected) + " has " + bytes + " bytes, more than the topic "
                            + rejected.record().topic() + " accepts. Raise its max.message.bytes.",
                    e);
        }
        if (rejected != null && rejected.reason() instanceof InvalidTimestampException) {
            return new CommandException(
                    where(rejected) + " has the time "
                            + Instant.ofEpochMilli(rejected.record().timestamp()) + ", which the topic "
                            + rejected.record().topic() + " rejects. See its message.timestamp.before.max.ms"
                            + " and message.timestamp.after.max.ms.",
                    e);
        }
        if (isFenced(e) || (rejected != null && isFenced(rejected.reason()))) {
            return new CommandException("Another process has taken over the " + activity
                    + ", or Kafka timed this one out. The same command resumes.");
        }
        Throwable cause = rejected != null ? rejected.reason() : e.getCause() != null ? e.getCause() : e;
        return new CommandException(
                MissingRight.in(rejected != null ? rejected.reason() : e, name, AclOperation.WRITE)
                        .map(right -> right.sentence(servers))
                        .orElseGet(() -> "Kafka rejected the records of the " + activity + ": " + cause.getMessage()),
                e);
    }

    private static boolean isTopicRefused(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).endsWith(TOPIC_REFUSED)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFenced(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    private static String where(Rejection rejected) {
        return rejected.source() + ", number " + rejected.number() + ",";
    }

    /** Aborts the open transaction. Otherwise consumers would wait until Kafka times it out. */
    @Override
    public void close() {
        try {
            if (inTransaction > 0) {
                producer.abortTransaction();
            }
        } catch (KafkaException | IllegalStateException e) {
            // Kafka times the transaction out, or the next writer with the same name aborts it.
        }
        producer.close(Duration.ofSeconds(1));
    }
}
