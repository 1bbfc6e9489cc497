package io.handover.streams;

import io.micrometer.core.instrument.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what Kafka Streams does: changes of its state, the assigned tasks after a rebalance, and restored stores. */
final class StreamsLog implements KafkaStreams.StateListener, StateRestoreListener {

    private static final Logger LOG = LoggerFactory.getLogger(StreamsLog.class);
    private static final long PROGRESS_EVERY_MS = 10_000;

    private final KafkaStreams streams;

    /** The clock of the metrics. No decision uses it. */
    private final Clock clock;

    private final Map<Store, Restore> restores = new ConcurrentHashMap<>();

    private record Store(String name, TopicPartition partition) {}

    /**
     * A running restore. Only the thread that restores its store uses it.
     */
    private static final class Restore {

        private final long total;
        private final long startedMs;
        private long restored;
        private long loggedMs;

        Restore(long total, long startedMs) {
            this.total = total;
            this.startedMs = startedMs;
            this.loggedMs = startedMs;
        }
    }

    private StreamsLog(KafkaStreams streams, Clock clock) {
        this.streams = streams;
        this.clock = clock;
    }

    /** Begins to log. Must be called before the threads start. */
    static void of(KafkaStreams streams, Clock clock) {
        StreamsLog log = new StreamsLog(streams, clock);
        streams.setStateListener(log);
        streams.setGlobalStateRestoreListener(log);
    }

    @Override
    public void onChange(KafkaStreams.State newState, KafkaStreams.State oldState) {
        LOG.atInfo().addKeyValue("from", oldState).addKeyValue("to", newState).log("Kafka Streams changed its state");
        // A rebalance ends when all active tasks run.
        if (newState == KafkaStreams.State.RUNNING) {
            LOG.atInfo()
                    .addKeyValue("active", partitions(ThreadMetadata::activeTasks))
                    .addKeyValue("standby", partitions(ThreadMetadata::standbyTasks))
                    .log("Tasks assigned");
        }
    }

    /** The numbers of the partitions of these tasks in all threads. */
    private Set<Integer> partitions(Function<ThreadMetadata, Set<TaskMetadata>> tasks) {
        return streams.metadataForLocalThreads().stream()
                .map(tasks)
                .flatMap(Collection::stream)
                .map(task -> task.taskId().partition())
                .collect(TreeSet::new, Set::add, Set::addAll);
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long first, long end) {
        restores.put(new Store(store, partition), new Restore(end - first, nowMs()));
        LOG.atInfo()
                .addKeyValue("store", store)
                .addKeyValue("partition", partition.partition())
                .addKeyValue("records", end - first)
                .log("Restore started");
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long lastOffset, long records) {
        Restore restore = restores.get(new Store(store, partition));
        if (restore == null) {
            return;
        }
        restore.restored += records;
        long nowMs = nowMs();
        if (nowMs - restore.loggedMs >= PROGRESS_EVERY_MS) {
            restore.loggedMs = nowMs;
            LOG.atInfo()
                    .addKeyValue("store", store)
                    .addKeyValue("partition", partition.partition())
                    .addKeyValue("restored", restore.restored)
                    .addKeyValue("records", restore.total)
                    .addKeyValue("seconds", seconds(restore))
                    .log("Restore continues");
        }
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long records) {
        ended(partition, store, records, "Restore ended");
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long records) {
        ended(partition, store, records, "Restore suspended");
    }

    private void ended(TopicPartition partition, String store, long records, String message) {
        Restore restore = restores.remove(new Store(store, partition));
        LOG.atInfo()
                .addKeyValue("store", store)
                .addKeyValue("partition", partition.partition())
                .addKeyValue("records", records)
                .addKeyValue("seconds", restore == null ? 0 : seconds(restore))
                .log(message);
    }

    private double seconds(Restore restore) {
        return (nowMs() - restore.startedMs) / 1_000.0;
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(clock.monotonicTime());
    }
}
