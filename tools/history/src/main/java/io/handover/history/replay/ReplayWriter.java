package io.handover.history.replay;

import io.handover.history.sources.FileEntries;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.RecordKind;
import io.handover.terminal.CommandException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes deliveries to a topic in transactions. Each transaction also commits the position of the replay, so the
 * position is correct even after a kill.
 *
 * <p>The position is the committed offset of a consumer group without members, for partition 0 of the topic. The group
 * id is also the transactional id: a second writer with the same name fences the first.
 */
final class ReplayWriter implements AutoCloseable {

    /**
     * The age at which a transaction is due for its commit. Consumers that read committed records see its deliveries
     * only after the commit.
     */
    private static final long TRANSACTION_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int TRANSACTION_DELIVERIES = 10_000;

    /**
     * Larger than any delivery of a source, so that only the {@code max.message.bytes} of the topic limits a delivery.
     */
    private static final int MAX_REQUEST_BYTES = 2 * FileEntries.MAX_ENTRY_BYTES;

    private final String name;
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ConsumerGroupMetadata group;
    private final @Nullable ReplayPosition position;
    private final AtomicReference<@Nullable Rejection> rejection = new AtomicReference<>();
    private int inTransaction;
    private long begunAt;

    /** A delivery that Kafka rejected. */
    private record Rejection(PastDelivery delivery, Exception reason) {}

    /**
     * Connects to Kafka, and fences any other writer with the same name.
     *
     * @param name the id of the consumer group, and the transactional id
     * @throws CommandException if Kafka does not answer or rejects a request, or the group belongs to something else
     */
    ReplayWriter(Properties client, String name, String topic) {
        this.name = name;
        this.topic = topic;
        try {
            producer =
                    new KafkaProducer<>(properties(client, name), new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw explained(e);
        }
        try {
            // Fences other writers before the position is read, so that no other writer can change the position
            // afterwards.
            producer.initTransactions();
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    groupOf(client, name), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                group = consumer.groupMetadata();
                OffsetAndMetadata offset = consumer.committed(Set.of(first())).get(first());
                position = offset == null ? null : ReplayPosition.of(offset.offset(), offset.metadata());
            }
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw explained(e);
        } catch (CommandException e) {
            producer.close(Duration.ZERO);
            throw e;
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
     * Returns the position at the time when the writer connected; null if the replay had not begun, or Kafka had
     * deleted the position.
     */
    @Nullable
    ReplayPosition position() {
        return position;
    }

    private TopicPartition first() {
        return new TopicPartition(topic, 0);
    }

    void write(PastDelivery delivery) {
        byte[] key = String.valueOf(delivery.key()).getBytes(StandardCharsets.UTF_8);
        try {
            if (inTransaction == 0) {
                producer.beginTransaction();
                begunAt = System.nanoTime();
            }
            inTransaction++;
            // The callback receives the failure, so the future is not used.
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(
                            topic, null, delivery.time(), key, delivery.json(), List.of(RecordKind.DELIVERY.header())),
                    (metadata, e) -> {
                        if (e != null) {
                            rejection.compareAndSet(null, new Rejection(delivery, e));
                        }
                    });
        } catch (KafkaException e) {
            throw explained(e);
        }
    }

    /** Returns whether the open transaction has reached the maximum number of deliveries or the maximum age. */
    boolean isCommitDue() {
        return inTransaction >= TRANSACTION_DELIVERIES
                || (inTransaction > 0 && System.nanoTime() - begunAt >= TRANSACTION_NANOS);
    }

    /**
     * Commits the written deliveries together with their position.
     *
     * @param position the position after these deliveries
     */
    void commit(ReplayPosition position) {
        try {
            if (inTransaction == 0) {
                producer.beginTransaction();
            }
            producer.sendOffsetsToTransaction(
                    Map.of(first(), new OffsetAndMetadata(position.published(), position.metadata())), group);
            producer.commitTransaction();
            inTransaction = 0;
        } catch (KafkaException e) {
            throw explained(e);
        }
    }

    private CommandException explained(KafkaException e) {
        Rejection rejected = rejection.get();
        if (rejected != null && rejected.reason() instanceof RecordTooLargeException) {
            return new CommandException(
                    where(rejected.delivery()) + " has " + rejected.delivery().json().length
                            + " bytes, more than the topic " + topic + " accepts. Raise its max.message.bytes.",
                    e);
        }
        if (rejected != null && rejected.reason() instanceof InvalidTimestampException) {
            return new CommandException(
                    where(rejected.delivery()) + " has the time "
                            + Instant.ofEpochMilli(rejected.delivery().time()) + ", which the topic " + topic
                            + " rejects. See its message.timestamp.before.max.ms and message.timestamp.after.max.ms.",
                    e);
        }
        if (isFenced(e) || (rejected != null && isFenced(rejected.reason()))) {
            return new CommandException("Another process has taken over the replay " + name
                    + ", or Kafka timed this one out. The same command resumes.");
        }
        Throwable cause = rejected != null ? rejected.reason() : e.getCause() != null ? e.getCause() : e;
        return new CommandException("Kafka rejected the deliveries: " + cause.getMessage(), e);
    }

    private static boolean isFenced(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    private static String where(PastDelivery delivery) {
        return delivery.source() + ", number " + delivery.number() + ",";
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
