package io.handover.streams;

import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the end offsets of the partitions of this instance every few seconds, for their lag.
 *
 * <p>The consumer's own lag would not do. It reads committed records only, so while a transaction of another producer stays
 * open, it reports no lag although records wait.
 */
final class EndOffsets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EndOffsets.class);
    private static final long READ_EVERY_SECONDS = 5;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    private final Admin admin;
    private final String topic;
    private final String group;
    private final PartitionMetrics partitions;
    private final Clock clock;
    private final ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "end-offsets");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param admin is not closed by {@link #close}
     * @param group the consumer group of the application
     */
    EndOffsets(Admin admin, String topic, String group, PartitionMetrics partitions, Clock clock) {
        this.admin = admin;
        this.topic = topic;
        this.group = group;
        this.partitions = partitions;
        this.clock = clock;
    }

    void start() {
        Future<?> unused = reader.scheduleWithFixedDelay(this::read, 0, READ_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void read() {
        try {
            Map<Integer, PartitionProgress> assigned = partitions.progress();
            if (assigned.isEmpty()) {
                return;
            }
            if (assigned.values().stream().anyMatch(progress -> !progress.isNextKnown())) {
                readCommitted(assigned);
            }
            readEnds(assigned);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            // The regular check of Kafka reports that Kafka does not answer.
            LOG.atDebug().setCause(e).log("End offsets not read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readCommitted(Map<Integer, PartitionProgress> assigned)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        assigned.forEach((partition, progress) -> {
            TopicPartition at = new TopicPartition(topic, partition);
            OffsetAndMetadata offset = committed.get(at);
            if (offset == null) {
                earliest.put(at, OffsetSpec.earliest());
            } else {
                progress.committed(offset.offset());
            }
        });
        // Without a committed offset, the application begins with the first record that is not deleted.
        await(admin.listOffsets(earliest).all()).forEach((at, first) -> {
            PartitionProgress progress = assigned.get(at.partition());
            if (progress != null) {
                progress.committed(first.offset());
            }
        });
    }

    private void readEnds(Map<Integer, PartitionProgress> assigned) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        assigned.keySet().forEach(partition -> latest.put(new TopicPartition(topic, partition), OffsetSpec.latest()));
        long nanos = clock.monotonicTime();
        ListOffsetsResult ends =
                admin.listOffsets(latest, new ListOffsetsOptions().timeoutMs((int) ANSWER_TIMEOUT.toMillis()));
        for (Map.Entry<Integer, PartitionProgress> partition : assigned.entrySet()) {
            KafkaFuture<ListOffsetsResultInfo> end =
                    ends.partitionResult(new TopicPartition(topic, partition.getKey()));
            try {
                partition.getValue().endRead(await(end).offset(), nanos);
            } catch (ExecutionException | TimeoutException e) {
                // A partition without a leader has no end offset now; the others have.
                LOG.atDebug()
                        .setCause(e)
                        .addKeyValue("partition", partition.getKey())
                        .log("End offset not read");
            }
        }
    }

    private static <T> T await(KafkaFuture<T> answer)
            throws ExecutionException, TimeoutException, InterruptedException {
        return answer.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
