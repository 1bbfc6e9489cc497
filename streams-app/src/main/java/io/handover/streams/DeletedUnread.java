package io.handover.streams;

import io.handover.service.DeletedRange;
import io.handover.service.MissingRight;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds deliveries that Kafka deleted before the application had read them, because the application lagged or was down
 * for longer than the retention. Kafka Streams would continue at the first delivery that still exists, and would not log it as an error.
 *
 * <p>The ranges are stored in Kafka, so that they outlast the process and every instance reports them. The application
 * is not ready until an operator acknowledges them: that deletes the group which stores them.
 */
final class DeletedUnread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeletedUnread.class);
    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private static final long READ_EVERY_SECONDS = 5;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    /** Kafka deletes the offsets of a group without members after some days. So they are committed again every hour. */
    private static final int READS_PER_COMMIT = 720;

    private final Admin admin;
    private final String servers;
    private final String group;
    private final Clock clock;
    private final Counter deleted;
    private final ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "deleted-unread");
        thread.setDaemon(true);
        return thread;
    });

    /** What Kafka stores, as last read. Guarded by this, like the next three fields. */
    private Map<TopicPartition, DeletedRange> stored = Map.of();

    /** What this process found and could not store yet. */
    private final Map<TopicPartition, DeletedRange> unstored = new HashMap<>();

    private int reads;

    /**
     * How many reads have failed in a row. Only the second is logged, because the first one after the start is normal; of a
     * missing right, the first.
     */
    private int failures;

    /** Why the application is not ready. Not guarded, because an event loop reads it and must not wait. */
    private volatile Optional<String> notReady = Optional.empty();

    /** @param admin is closed by {@link #close} */
    DeletedUnread(Admin admin, StreamsConfig config, MeterRegistry registry) {
        this.admin = admin;
        this.servers = String.join(",", config.getList(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG));
        this.group = DeletedRange.groupOf(config.getString(StreamsConfig.APPLICATION_ID_CONFIG));
        this.clock = registry.config().clock();
        this.deleted = Counter.builder("handover.deliveries.deleted.unread")
                .description("Offsets that Kafka deleted before the application read them")
                .register(registry);
        Gauge.builder("handover.deleted.unread.waiting", this, unread -> unread.notReady.isPresent() ? 1 : 0)
                .description("1 while deliveries that were deleted unread wait for an acknowledgement")
                .register(registry);
        Future<?> unused = reader.scheduleWithFixedDelay(this::read, 0, READ_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Creates the clients of Kafka Streams. Its main consumer reports deleted deliveries to this object, and its producers
     * report the ends of transactions to the {@link EarlyCommits}.
     *
     * @param polled receives what the main consumer returns
     */
    KafkaClientSupplier clientSupplier(
            StreamsConfig streams, java.util.function.Consumer<ConsumerRecords<byte[], byte[]>> polled) {
        return new DefaultKafkaClientSupplier() {
            @Override
            public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
                return new MainConsumer(config, IdlePolls.of(streams), DeletedUnread.this, polled);
            }

            @Override
            public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
                return EarlyCommits.producer(config);
            }
        };
    }

    /** Why the application is not ready: deliveries were deleted unread, and nobody has acknowledged it. */
    Optional<String> notReady() {
        return notReady;
    }

    /**
     * Logs, counts and stores the ranges.
     *
     * @return false if Kafka did not answer, so that the ranges are not stored yet
     */
    private synchronized boolean found(Map<TopicPartition, DeletedRange> ranges) {
        ranges.forEach((partition, range) -> {
            if (range.equals(unstored.put(partition, range))) {
                return;
            }
            LOG.atError()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("first", range.first())
                    .addKeyValue("last", range.next() - 1)
                    .addKeyValue("received_before", range.receivedBefore())
                    .log("Deliveries were deleted before they were read");
            deleted.increment((double) range.count());
        });
        return read();
    }

    /**
     * Reads what Kafka stores, and stores what it does not.
     *
     * @return false if Kafka did not answer; the next call tries again
     */
    private synchronized boolean read() {
        boolean isAnswered = true;
        try {
            Map<TopicPartition, DeletedRange> ranges = new HashMap<>(storedRanges());
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            if (++reads % READS_PER_COMMIT == 0) {
                ranges.forEach((partition, range) -> offsets.put(partition, range.toOffset()));
            }
            unstored.forEach((partition, range) -> offsets.put(
                    partition, ranges.merge(partition, range, DeletedRange::and).toOffset()));
            if (!offsets.isEmpty()) {
                await(admin.alterConsumerGroupOffsets(group, offsets).all());
                unstored.clear();
            }
            stored = ranges;
            failures = 0;
        } catch (ExecutionException | TimeoutException e) {
            isAnswered = !(e instanceof TimeoutException || e.getCause() instanceof RetriableException);
            Optional<MissingRight> missing = MissingRight.in(e, group, AclOperation.READ);
            if (++failures == (missing.isPresent() ? 1 : 2)) {
                LOG.atWarn()
                        .addKeyValue("group", group)
                        .addKeyValue(
                                "reason",
                                missing.map(right -> right.sentence(servers))
                                        .orElseGet(() -> String.valueOf(e.getCause() == null ? e : e.getCause())))
                        .log("Ranges of deleted deliveries not read or stored, trying again every few seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        notReady = describe();
        return isAnswered;
    }

    private Map<TopicPartition, DeletedRange> storedRanges()
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, DeletedRange> ranges = new HashMap<>();
        try {
            await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            DeletedRange.of(offset).ifPresent(range -> ranges.put(partition, range));
                        }
                    });
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
        return ranges;
    }

    private static <T> T await(KafkaFuture<T> answer)
            throws ExecutionException, TimeoutException, InterruptedException {
        return answer.get(ANSWER_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    private Optional<String> describe() {
        Map<TopicPartition, DeletedRange> all = new TreeMap<>(BY_NAME);
        all.putAll(stored);
        unstored.forEach((partition, range) -> all.merge(partition, range, DeletedRange::and));
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Map.Entry<TopicPartition, DeletedRange> one = all.entrySet().iterator().next();
        String others = all.size() == 1 ? "" : ", and others in " + (all.size() - 1) + " more partitions";
        return Optional.of("Deliveries were deleted before they were read: " + one.getKey() + " " + one.getValue()
                + others + ". Replay them, then acknowledge with ./handover acknowledge-deleted.");
    }

    @Override
    public void close() {
        reader.shutdownNow();
        admin.close(Duration.ZERO);
    }

    /** The consumer of {@code handover-events}. */
    private static final class MainConsumer extends KafkaConsumer<byte[], byte[]> {

        private final IdlePolls idlePolls;
        private final DeletedUnread deletedUnread;
        private final java.util.function.Consumer<ConsumerRecords<byte[], byte[]>> polled;

        /** The first offsets that still existed when a gap was found. */
        private final Map<TopicPartition, Long> starts = new HashMap<>();

        MainConsumer(
                Map<String, Object> config,
                IdlePolls idlePolls,
                DeletedUnread deletedUnread,
                java.util.function.Consumer<ConsumerRecords<byte[], byte[]>> polled) {
            super(withoutReset(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            this.idlePolls = idlePolls;
            this.deletedUnread = deletedUnread;
            this.polled = polled;
        }

        /**
         * Without a policy of its own, the consumer throws an exception where it would reset a position silently. Kafka
         * Streams catches it and resets the position as configured.
         */
        private static Map<String, Object> withoutReset(Map<String, Object> config) {
            Map<String, Object> changed = new HashMap<>(config);
            changed.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
            return changed;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            try {
                ConsumerRecords<byte[], byte[]> records = super.poll(idlePolls.timeout(timeout));
                idlePolls.polled(records.isEmpty());
                polled.accept(records);
                return records;
            } catch (LogTruncationException e) {
                // After an unclean election of a leader, records are gone at the end of the log, not at its beginning.
                if (!e.divergentOffsets().keySet().containsAll(e.partitions())) {
                    throw e;
                }
                e.divergentOffsets().forEach(this::seek);
                LOG.atError()
                        .addKeyValue("partitions", e.divergentOffsets())
                        .log("Log was truncated, continuing where it diverges");
                return ConsumerRecords.empty();
            } catch (OffsetOutOfRangeException e) {
                try {
                    if (!report(e.offsetOutOfRangePartitions())) {
                        return ConsumerRecords.empty();
                    }
                } catch (org.apache.kafka.common.errors.TimeoutException noAnswer) {
                    // The position is still out of range, so the next poll fails in the same way.
                    return ConsumerRecords.empty();
                }
                // Kafka Streams now resets the position, with seekToBeginning by default.
                throw e;
            }
        }

        /** Returns false if the ranges could not be stored yet. */
        private boolean report(Map<TopicPartition, Long> positions) {
            Map<TopicPartition, Long> beginnings = beginningOffsets(positions.keySet(), ANSWER_TIMEOUT);
            Map<TopicPartition, Long> fromTheStart = new HashMap<>();
            positions.keySet().forEach(partition -> fromTheStart.put(partition, 0L));
            Map<TopicPartition, OffsetAndTimestamp> existing = offsetsForTimes(fromTheStart, ANSWER_TIMEOUT);
            starts.clear();
            Map<TopicPartition, DeletedRange> ranges = new HashMap<>();
            positions.forEach((partition, position) -> {
                Long beginning = beginnings.get(partition);
                // A position beyond the end, of a topic that was created again, is no gap.
                if (beginning != null && position < beginning) {
                    starts.put(partition, beginning);
                    ranges.put(partition, new DeletedRange(position, beginning, timeOf(existing.get(partition))));
                }
            });
            return ranges.isEmpty() || deletedUnread.found(ranges);
        }

        /** The time of the first delivery that still exists, or now if there is none. */
        private Instant timeOf(@Nullable OffsetAndTimestamp first) {
            return Instant.ofEpochMilli(first == null ? deletedUnread.clock.wallTime() : first.timestamp());
        }

        /** Continues exactly where the reported gap ends. Meanwhile Kafka may have deleted more: that is another gap. */
        @Override
        public void seekToBeginning(Collection<TopicPartition> partitions) {
            List<TopicPartition> others = new ArrayList<>();
            for (TopicPartition partition : partitions) {
                Long start = starts.remove(partition);
                if (start == null) {
                    others.add(partition);
                } else {
                    seek(partition, start);
                }
            }
            // Without partitions, the method would reset all of them.
            if (!others.isEmpty() || partitions.isEmpty()) {
                super.seekToBeginning(others);
            }
        }
    }
}
