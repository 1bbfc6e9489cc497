package io.handover.streams;

import io.handover.conversation.EndReason;
import io.handover.conversation.TransferPolicy;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The partitions that this process processes, and their gauges. A partition that leaves takes its gauges with it. */
final class LivePartitions {

    /** The reasons for which an end can be held; each has a gauge from the start, so that an alert sees its zero. */
    static final Set<EndReason> HELD_REASONS = Set.of(
            EndReason.AFTER_CALL_WORK,
            EndReason.AGENT_LEFT,
            EndReason.TRANSFER_TIMEOUT,
            EndReason.QUEUE_ABANDONED,
            EndReason.FLOW_DISCONNECTED);

    /** How many of the last outcomes of a partition are remembered if operators can ask for them. */
    static final int OUTCOMES = 4_096;

    private final MeterRegistry registry;
    private final int outcomes;
    private final Map<Integer, LivePartition> partitions = new ConcurrentHashMap<>();
    private final Map<Integer, List<Meter>> gauges = new HashMap<>();

    /** @param hasQueries whether operators can ask for outcomes; otherwise none are remembered */
    LivePartitions(MeterRegistry registry, boolean hasQueries) {
        this.registry = registry;
        this.outcomes = hasQueries ? OUTCOMES : 0;
    }

    /** A partition that is not opened yet. */
    LivePartition create(int partition, long since, TransferPolicy policy) {
        return new LivePartition(partition, since, outcomes, policy);
    }

    /** Begins with a partition. Its counts must be complete, because queries see it from now on. */
    synchronized void opened(LivePartition partition) {
        partitions.put(partition.partition(), partition);
        // The gauges find the partition by its number: a task that is revived has other counts and the same gauges.
        gauges.computeIfAbsent(partition.partition(), this::gauges);
    }

    /** Ends with a partition, unless another thread of this process has begun with it. */
    synchronized void closed(LivePartition closed) {
        if (partitions.remove(closed.partition(), closed)) {
            List<Meter> left = gauges.remove(closed.partition());
            if (left != null) {
                left.forEach(registry::remove);
            }
        }
    }

    private List<Meter> gauges(int partition) {
        List<Meter> registered = new ArrayList<>();
        registered.add(Gauge.builder("handover.open", () -> {
                    LivePartition live = partitions.get(partition);
                    return live == null ? Double.NaN : live.handovers().openCount();
                })
                .description("Handovers that are open, per partition of this instance")
                .tag("partition", String.valueOf(partition))
                .register(registry));
        for (EndReason reason : HELD_REASONS) {
            registered.add(Gauge.builder("handover.held", () -> {
                        LivePartition live = partitions.get(partition);
                        return live == null ? Double.NaN : live.handovers().heldCount(reason);
                    })
                    .description("Ends that are held, per partition of this instance and reason")
                    .tag("partition", String.valueOf(partition))
                    .tag("reason", reason.label())
                    .register(registry));
        }
        return registered;
    }

    @Nullable
    LivePartition find(int partition) {
        return partitions.get(partition);
    }

    /** All partitions, by number. */
    List<LivePartition> all() {
        return partitions.values().stream()
                .sorted(Comparator.comparingInt(LivePartition::partition))
                .toList();
    }

    /** Call it once per second, for the rates. */
    void sample(long nowMs) {
        partitions.values().forEach(live -> live.sample(nowMs));
    }

    long held() {
        return partitions.values().stream()
                .mapToLong(live -> live.handovers().heldCount())
                .sum();
    }
}
