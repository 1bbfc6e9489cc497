package io.handover.history.reset;

import io.handover.conversation.fold.StateStores;
import io.handover.history.cluster.Cluster;
import io.handover.terminal.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a reset. The command prints the plan, and {@link #execute} makes exactly the printed changes.
 *
 * @param applicationId the id of the application, and of its consumer group
 * @param events the name of the topic of the events
 * @param offsets the new offset of each partition of the events
 * @param changelogs the topics that are deleted
 * @param retention how long the topic of the events keeps an event; null for ever
 */
record ResetPlan(
        String applicationId,
        String events,
        List<OffsetReset> offsets,
        List<String> changelogs,
        @Nullable Duration retention) {

    ResetPlan {
        offsets = List.copyOf(offsets);
        changelogs = List.copyOf(changelogs);
    }

    /**
     * The new offset of one partition.
     *
     * @param committed the offset that the application has committed; null if it has committed none
     * @param target the offset that the application reads next
     * @param receivedAt the time of the record at the target; null if the target is the end of the partition
     */
    record OffsetReset(
            int partition,
            @Nullable Long committed,
            long target,
            @Nullable Instant receivedAt) {}

    /**
     * Computes the changes without making any.
     *
     * @param from the earliest time of the events that the application reads again; null for all events in the log
     * @throws CommandException if the application has no state on this cluster, its state has another number of
     *     partitions than the events, or Kafka does not answer
     */
    static ResetPlan of(Cluster cluster, String applicationId, String events, @Nullable Instant from) {
        List<String> changelogs = StateStores.changelogs(applicationId).stream()
                .filter(changelog -> cluster.has(changelog, AclOperation.DELETE))
                .toList();
        if (changelogs.isEmpty()) {
            throw new CommandException("There is nothing to reset: the application " + applicationId
                    + " has no state on this cluster (topics "
                    + String.join(", ", StateStores.changelogs(applicationId)) + "). Check --application-id.");
        }
        if (!cluster.has(events, AclOperation.READ)) {
            throw new CommandException("There is no topic " + events + " on this cluster.");
        }
        requireSamePartitions(cluster, applicationId, events, changelogs);
        return new ResetPlan(
                applicationId,
                events,
                offsets(cluster, applicationId, events, from),
                changelogs,
                retention(cluster, events));
    }

    private static void requireSamePartitions(
            Cluster cluster, String applicationId, String events, List<String> changelogs) {
        int partitions = cluster.partitions(events).size();
        for (String changelog : changelogs) {
            int before = cluster.partitions(changelog).size();
            if (before != partitions) {
                throw new CommandException("The topic " + events + " has " + partitions
                        + " partitions, but the state of the application " + applicationId + " has " + before
                        + ", so the events of one conversation can be in two partitions. Run ./handover repartition,"
                        + " which brings each conversation into one partition of a new topic.");
            }
        }
    }

    /**
     * Makes the changes.
     *
     * @param localState the local state of an instance, which is deleted too; null to delete none
     * @throws CommandException if an instance runs, or Kafka rejects a change
     */
    void execute(Cluster cluster, @Nullable LocalState localState) {
        cluster.requireStopped(applicationId);
        if (localState != null) {
            localState.requireUnused();
        }
        Map<TopicPartition, OffsetAndMetadata> targets = new HashMap<>();
        offsets.forEach(offset ->
                targets.put(new TopicPartition(events, offset.partition()), new OffsetAndMetadata(offset.target())));
        try {
            // The offsets are reset before the state is deleted. If an instance has started since the check, Kafka
            // rejects the new offsets, and the state is kept.
            cluster.commit(applicationId, targets);
            cluster.delete(changelogs);
        } catch (CommandException e) {
            throw new CommandException(
                    "The reset is incomplete, so repeat it before the application starts. " + e.getMessage(), e);
        }
        if (localState != null) {
            localState.delete();
        }
    }

    private static List<OffsetReset> offsets(
            Cluster cluster, String applicationId, String events, @Nullable Instant from) {
        List<TopicPartition> partitions = cluster.partitions(events);
        Map<TopicPartition, OffsetAndMetadata> committed = cluster.committed(applicationId, AclOperation.READ);
        Map<TopicPartition, ListOffsetsResultInfo> earliest = cluster.offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> latest = cluster.offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, ListOffsetsResultInfo> byTime =
                cluster.offsets(partitions, OffsetSpec.forTimestamp(from == null ? 0 : from.toEpochMilli()));
        List<OffsetReset> resets = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata current = committed.get(partition);
            ListOffsetsResultInfo first = of(byTime, partition);
            // The offset is negative if the partition has no record of that time or later.
            boolean isFound = first.offset() >= 0;
            long target = isFound ? first.offset() : of(latest, partition).offset();
            resets.add(new OffsetReset(
                    partition.partition(),
                    current == null ? null : current.offset(),
                    from == null ? of(earliest, partition).offset() : target,
                    isFound ? Instant.ofEpochMilli(first.timestamp()) : null));
        }
        return resets;
    }

    private static ListOffsetsResultInfo of(
            Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
        return Objects.requireNonNull(
                offsets.get(partition), () -> "Expected an offset of " + partition + ", but Kafka gave none");
    }

    private static @Nullable Duration retention(Cluster cluster, String events) {
        long retentionMs = Long.parseLong(cluster.settings(events, AclOperation.DESCRIBE_CONFIGS)
                .getOrDefault(TopicConfig.RETENTION_MS_CONFIG, "-1"));
        return retentionMs < 0 ? null : Duration.ofMillis(retentionMs);
    }
}
