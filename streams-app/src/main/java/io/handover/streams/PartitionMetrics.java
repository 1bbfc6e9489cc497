package io.handover.streams;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of each partition of {@code handover-events} that this instance processes. They appear when a task begins and
 * vanish with it, so that two instances never report the same partition for long.
 */
final class PartitionMetrics {

    private final MeterRegistry registry;
    private final Map<Integer, Assigned> assigned = new ConcurrentHashMap<>();

    private record Assigned(PartitionProgress progress, List<Meter> meters) {}

    PartitionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Registers the gauges of a partition whose task begins. */
    synchronized PartitionProgress begin(int partition) {
        // The task may have moved here from another thread that has not closed it yet.
        remove(assigned.remove(partition));
        PartitionProgress progress = new PartitionProgress(registry.config().clock());
        List<Meter> meters = new ArrayList<>();
        meters.add(gauge(
                "lag.seconds",
                "How long the oldest record that is not processed has waited, at most; 0 if none waits",
                partition,
                progress,
                PartitionProgress::lagSeconds));
        meters.add(gauge(
                "lag.records",
                "Records that are not processed yet",
                partition,
                progress,
                PartitionProgress::lagRecords));
        meters.add(gauge(
                "position",
                "The offset of the next record to process",
                partition,
                progress,
                PartitionProgress::position));
        meters.add(gauge(
                "overdue.seconds",
                "How long ago the earliest deadline was due, by the brokers' clock; 0 if none is due",
                partition,
                progress,
                PartitionProgress::overdueSeconds));
        assigned.put(partition, new Assigned(progress, meters));
        return progress;
    }

    private Gauge gauge(
            String name,
            String description,
            int partition,
            PartitionProgress progress,
            ToDoubleFunction<PartitionProgress> value) {
        return Gauge.builder("handover.partition." + name, progress, value)
                .description(description)
                .tag("partition", String.valueOf(partition))
                .strongReference(true)
                .register(registry);
    }

    /** Removes the gauges of a partition whose task ends, unless another task of it has begun. */
    synchronized void end(int partition, PartitionProgress progress) {
        Assigned current = assigned.get(partition);
        if (current != null && current.progress() == progress) {
            assigned.remove(partition);
            remove(current);
        }
    }

    private void remove(@Nullable Assigned last) {
        if (last != null) {
            last.meters().forEach(registry::remove);
        }
    }

    /** Takes note of what the consumer returned. */
    void polled(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            Assigned at = assigned.get(partition.partition());
            if (at != null) {
                List<ConsumerRecord<byte[], byte[]>> polled = records.records(partition);
                at.progress()
                        .polled(
                                polled.get(0).timestamp(),
                                polled.get(polled.size() - 1).offset());
            }
        }
        records.nextOffsets().forEach((partition, next) -> {
            Assigned at = assigned.get(partition.partition());
            if (at != null) {
                at.progress().polledTo(next.offset());
            }
        });
    }

    /** Takes note of an unreadable record that was skipped. */
    void skipped(int partition, long offset) {
        Assigned at = assigned.get(partition);
        if (at != null) {
            at.progress().skipped(offset);
        }
    }

    /** The progress of each partition that is assigned now. */
    Map<Integer, PartitionProgress> progress() {
        Map<Integer, PartitionProgress> all = new ConcurrentHashMap<>();
        assigned.forEach((partition, at) -> all.put(partition, at.progress()));
        return all;
    }
}
