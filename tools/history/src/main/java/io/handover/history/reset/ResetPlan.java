package io.handover.history.reset;

import io.handover.conversation.fold.StateStores;
import io.handover.schema.Topics;
import io.handover.terminal.CommandException;
import io.handover.terminal.KafkaCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a reset. The command prints the plan, and {@link #execute} makes exactly the printed changes.
 *
 * @param applicationId the id of the application, and of its consumer group
 * @param offsets the new offset of each partition of {@code handover-events}
 * @param changelogs the topics that are deleted
 * @param retention how long {@code handover-events} keeps an event; null for ever
 */
record ResetPlan(
        String applicationId,
        List<OffsetReset> offsets,
        List<String> changelogs,
        @Nullable Duration retention) {

    private static final Set<GroupState> STOPPED = Set.of(GroupState.EMPTY, GroupState.DEAD);

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
     * @throws CommandException if the application has no state on this cluster, or Kafka does not answer
     */
    static ResetPlan of(Admin admin, String applicationId, @Nullable Instant from) {
        Set<String> topics = KafkaCalls.await(admin.listTopics().names(), "list the topics");
        List<String> changelogs = StateStores.changelogs(applicationId).stream()
                .filter(topics::contains)
                .toList();
        if (changelogs.isEmpty()) {
            throw new CommandException("There is nothing to reset: the application " + applicationId
                    + " has no state on this cluster (topics "
                    + String.join(", ", StateStores.changelogs(applicationId)) + "). Check --application-id.");
        }
        if (!topics.contains(Topics.EVENTS)) {
            throw new CommandException("There is no topic " + Topics.EVENTS + " on this cluster.");
        }
        return new ResetPlan(applicationId, offsets(admin, applicationId, from), changelogs, retention(admin));
    }

    /**
     * Makes the changes.
     *
     * @param localState the local state of an instance, which is deleted too; null to delete none
     * @throws CommandException if an instance runs, or Kafka rejects a change
     */
    void execute(Admin admin, @Nullable LocalState localState) {
        requireStopped(admin);
        if (localState != null) {
            localState.requireUnused();
        }
        Map<TopicPartition, OffsetAndMetadata> targets = new HashMap<>();
        offsets.forEach(offset -> targets.put(
                new TopicPartition(Topics.EVENTS, offset.partition()), new OffsetAndMetadata(offset.target())));
        try {
            // The offsets are reset before the state is deleted. If an instance has started since the check, Kafka
            // rejects the new offsets, and the state is kept.
            KafkaCalls.await(
                    admin.alterConsumerGroupOffsets(applicationId, targets).all(),
                    "reset the offsets of the group " + applicationId);
            KafkaCalls.await(
                    admin.deleteTopics(changelogs).all(), "delete the topics " + String.join(", ", changelogs));
        } catch (CommandException e) {
            throw new CommandException(
                    "The reset is incomplete, so repeat it before the application starts. " + e.getMessage(), e);
        }
        if (localState != null) {
            localState.delete();
        }
    }

    private void requireStopped(Admin admin) {
        for (GroupListing group : KafkaCalls.await(admin.listGroups().all(), "list the groups")) {
            if (group.groupId().equals(applicationId)
                    && !STOPPED.contains(group.groupState().orElse(GroupState.UNKNOWN))) {
                throw new CommandException("The application " + applicationId + " is running, so nothing was changed:"
                        + " stop every instance first. An instance that was killed counts until its session times out,"
                        + " 45 seconds by default.");
            }
        }
    }

    private static List<OffsetReset> offsets(Admin admin, String applicationId, @Nullable Instant from) {
        List<TopicPartition> partitions = partitions(admin);
        Map<TopicPartition, OffsetAndMetadata> committed = committed(admin, applicationId);
        Map<TopicPartition, ListOffsetsResultInfo> earliest = offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> latest = offsets(admin, partitions, OffsetSpec.latest());
        Map<TopicPartition, ListOffsetsResultInfo> byTime =
                offsets(admin, partitions, OffsetSpec.forTimestamp(from == null ? 0 : from.toEpochMilli()));
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

    private static List<TopicPartition> partitions(Admin admin) {
        int partitions = KafkaCalls.await(
                        admin.describeTopics(List.of(Topics.EVENTS)).allTopicNames(),
                        "describe the topic " + Topics.EVENTS)
                .values()
                .stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(Topics.EVENTS, partition))
                .toList();
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String applicationId) {
        try {
            return KafkaCalls.await(
                    admin.listConsumerGroupOffsets(applicationId).partitionsToOffsetAndMetadata(),
                    "list the offsets of the group " + applicationId);
        } catch (CommandException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw e;
        }
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        partitions.forEach(partition -> specs.put(partition, spec));
        return KafkaCalls.await(admin.listOffsets(specs).all(), "list the offsets of " + Topics.EVENTS);
    }

    private static @Nullable Duration retention(Admin admin) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.EVENTS);
        long retentionMs = KafkaCalls.await(
                        admin.describeConfigs(List.of(topic)).all(),
                        "describe the settings of the topic " + Topics.EVENTS)
                .values()
                .stream()
                .mapToLong(config -> Long.parseLong(
                        config.get(TopicConfig.RETENTION_MS_CONFIG).value()))
                .max()
                .orElse(-1);
        return retentionMs < 0 ? null : Duration.ofMillis(retentionMs);
    }
}
