package io.handover.ingress;

import io.handover.genesys.GenesysUser;
import io.handover.ingress.DirectoryMetrics.Outcome;
import io.handover.ingress.LookupOffsets.Entry;
import io.handover.ingress.UserCache.Answer;
import io.handover.schema.AgentLookup;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.UnreadableRecordException;
import io.handover.service.TopicNames;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads lookups, and writes a profile for each under the key of its conversation. A lookup is done when its profile is
 * acknowledged, or when there will be none.
 *
 * <p>One thread runs {@link #run}. It alone uses the consumer, the producer and the offsets. The threads that get answers
 * from Genesys or Kafka only put them into a queue.
 */
final class LookupConsumer implements AutoCloseable {

    /** The maximum number of lookups that are read and not done. Then no more are read. */
    static final int MAX_PENDING = 200;

    /** The maximum number of lookups that are read at once. It is small, because the bound above includes them. */
    static final int MAX_POLL_RECORDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(LookupConsumer.class);
    private static final Duration POLL_WHILE_PENDING = Duration.ofMillis(10);
    private static final Duration POLL_WHILE_IDLE = Duration.ofMillis(500);
    private static final long COMMIT_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<String, AgentProfile> producer;
    private final TopicNames topics;
    private final Directory directory;
    private final DirectoryMetrics metrics;
    private final Deserializer<AgentLookup> deserializer =
            HandoverSerdes.agentLookups().deserializer();
    private final LookupOffsets offsets = new LookupOffsets();
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private long committedNanos = System.nanoTime();
    private boolean isClosing;

    /** Why Kafka did not store a profile; null as long as it stores all. */
    private volatile @Nullable Exception failure;

    /**
     * Where names and pictures come from.
     *
     * @param imageSize the wanted size of pictures
     */
    record Directory(UserCache users, BrokerTime time, int imageSize) {}

    LookupConsumer(
            Consumer<byte[], byte[]> consumer,
            Producer<String, AgentProfile> producer,
            TopicNames topics,
            Directory directory,
            DirectoryMetrics metrics) {
        this.consumer = consumer;
        this.producer = producer;
        this.topics = topics;
        this.directory = directory;
        this.metrics = metrics;
    }

    /**
     * Reads and answers lookups as long as it is wanted.
     *
     * @param assigned called when Kafka has assigned partitions
     * @throws KafkaException if Kafka refuses or does not answer. Then this consumer cannot go on
     */
    void run(BooleanSupplier wanted, Runnable assigned) {
        consumer.subscribe(List.of(topics.agentLookups()), new Rebalance(assigned));
        while (wanted.getAsBoolean()) {
            step();
        }
    }

    private void step() {
        if (isFull()) {
            consumer.pause(consumer.assignment());
        } else {
            consumer.resume(consumer.paused());
        }
        consumer.poll(offsets.pending() > 0 ? POLL_WHILE_PENDING : POLL_WHILE_IDLE)
                .forEach(this::read);
        handleAnswers();
        Exception cause = failure;
        if (cause != null) {
            throw new KafkaException("Kafka did not store a profile: " + cause.getMessage(), cause);
        }
        if (System.nanoTime() - committedNanos > COMMIT_INTERVAL_NANOS) {
            commit();
        }
    }

    /**
     * Whether no more lookups may be read. While the brokers' time is unknown, lookups that are too old cannot be told
     * from others, so only a few are read.
     */
    private boolean isFull() {
        int most = directory.time().isKnown() ? MAX_PENDING : MAX_POLL_RECORDS;
        return offsets.pending() + MAX_POLL_RECORDS > most;
    }

    private void read(ConsumerRecord<byte[], byte[]> lookupRecord) {
        Entry entry =
                offsets.add(new TopicPartition(lookupRecord.topic(), lookupRecord.partition()), lookupRecord.offset());
        metrics.read();
        AgentLookup lookup = parse(lookupRecord);
        if (lookup == null) {
            done(entry, Outcome.FAILED);
        } else {
            find(entry, lookup);
        }
    }

    /** Returns the lookup, or null if it is unreadable: a program that is not streams-app may have written it. */
    private @Nullable AgentLookup parse(ConsumerRecord<byte[], byte[]> lookupRecord) {
        byte[] value = lookupRecord.value();
        String reason = "It has no value";
        if (value != null) {
            try {
                return deserializer.deserialize(lookupRecord.topic(), value);
            } catch (UnreadableRecordException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        LOG.atWarn()
                .addKeyValue("topic", lookupRecord.topic())
                .addKeyValue("partition", lookupRecord.partition())
                .addKeyValue("offset", lookupRecord.offset())
                .addKeyValue("reason", reason)
                .log("Agent lookup could not be read");
        return null;
    }

    private void find(Entry entry, AgentLookup lookup) {
        if (directory.users().isTooOld(lookup)) {
            done(entry, Outcome.TOO_OLD);
            return;
        }
        CompletableFuture<?> unused =
                directory.users().find(lookup).thenAccept(answer -> answers.add(() -> answered(entry, lookup, answer)));
    }

    private void answered(Entry entry, AgentLookup lookup, Answer answer) {
        if (!entry.isPending() || isClosing) {
            return;
        }
        switch (answer.kind()) {
            case KNOWN -> send(entry, lookup, answer.user(), Outcome.ANSWERED);
            case UNKNOWN -> send(entry, lookup, null, Outcome.UNKNOWN);
            case FAILED -> done(entry, Outcome.FAILED);
            // This lookup may be newer than the one whose request it shared.
            case TOO_OLD -> find(entry, lookup);
        }
    }

    private void send(Entry entry, AgentLookup lookup, @Nullable GenesysUser user, Outcome outcome) {
        AgentProfile profile = new AgentProfile(
                lookup.conversationId(),
                lookup.agentId(),
                user == null ? null : user.name(),
                user == null ? null : user.imageNearestTo(directory.imageSize()));
        Future<RecordMetadata> unused = producer.send(
                new ProducerRecord<>(topics.events(), lookup.conversationId(), profile), (metadata, e) -> {
                    if (e == null) {
                        answers.add(() -> acknowledged(entry, lookup, outcome, metadata));
                    } else {
                        failure = e;
                    }
                });
    }

    private void acknowledged(Entry entry, AgentLookup lookup, Outcome outcome, RecordMetadata metadata) {
        if (metadata.hasTimestamp()) {
            directory.time().acknowledged(metadata.timestamp());
            metrics.acknowledged(lookup.askedAt().toEpochMilli(), metadata.timestamp());
        }
        if (entry.isPending()) {
            done(entry, outcome);
        }
    }

    private void done(Entry entry, Outcome outcome) {
        offsets.done(entry);
        metrics.done(outcome, 1);
    }

    private void handleAnswers() {
        for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
            answer.run();
        }
    }

    private void commit() {
        committedNanos = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> done = offsets.uncommitted(consumer::position);
        if (done.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(done, COMMIT_TIMEOUT);
            offsets.committed(done);
        } catch (RebalanceInProgressException | CommitFailedException | TimeoutException e) {
            // The next commit contains these offsets too. If another consumer has the partitions, it reads again.
            LOG.atDebug().setCause(e).log("Offsets of agent lookups not committed");
        }
    }

    private void forget(Collection<TopicPartition> partitions) {
        metrics.done(Outcome.FORGOTTEN, offsets.forget(partitions));
    }

    /** Commits what is done, and closes the consumer and the producer. Takes a few seconds at most. */
    @Override
    public void close() {
        isClosing = true;
        try {
            producer.close(CLOSE_TIMEOUT);
            handleAnswers();
            commit();
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).log("Offsets of agent lookups not committed");
        } finally {
            forget(offsets.partitions());
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        private final Runnable assigned;

        private Rebalance(Runnable assigned) {
            this.assigned = assigned;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (isFull()) {
                consumer.pause(partitions);
            }
            assigned.run();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            handleAnswers();
            commit();
            forget(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            forget(partitions);
        }
    }
}
