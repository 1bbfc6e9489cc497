package io.handover.history.reset;

import io.handover.conversation.fold.StateStores;
import io.handover.schema.Topics;
import io.handover.terminal.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a reset will change on the cluster.
 *
 * @param rewinds where each partition of {@code handover-events} is read again from
 * @param changelogs the topics that are deleted
 * @param kept for how long the log keeps an event; null for ever
 */
record ResetPlan(
        List<Rewind> rewinds,
        List<String> changelogs,
        @Nullable Duration kept) {

    private static final Set<GroupState> STOPPED = Set.of(GroupState.EMPTY, GroupState.DEAD);

    ResetPlan {
        rewinds = List.copyOf(rewinds);
        changelogs = List.copyOf(changelogs);
    }

    /**
     * A partition.
     *
     * @param from where the application stands; null if it never read
     * @param to where it will stand
     * @param received when the record there was received; null if there is none
     */
    record Rewind(
            int partition,
            @Nullable Long from,
            long to,
            @Nullable Instant received) {}

    /**
     * Looks at the cluster, and changes nothing there.
     *
     * @param start when what is read again was received; null for everything that the log has
     * @throws CommandException if the application is unknown, or Kafka does not answer
     */
    static ResetPlan of(Admin admin, String applicationId, @Nullable Instant start) {
        Set<String> topics = await(admin.listTopics().names());
        List<String> changelogs = StateStores.changelogs(applicationId).stream()
                .filter(topics::contains)
                .toList();
        if (changelogs.isEmpty()) {
            throw new CommandException("There is nothing to reset: no application " + applicationId
                    + " has kept state on this cluster (in "
                    + String.join(", ", StateStores.changelogs(applicationId))
                    + ") since it was last reset; is it another --application-id?");
        }
        if (!topics.contains(Topics.EVENTS)) {
            throw new CommandException("There is no topic " + Topics.EVENTS + " on this cluster.");
        }
        return new ResetPlan(rewinds(admin, applicationId, start), changelogs, kept(admin));
    }

    /**
     * The tool looks for members too, but not for those of the newer protocols of groups.
     *
     * @throws CommandException if an instance of the application runs
     */
    static void refuseIfRunning(Admin admin, String applicationId) {
        for (GroupListing group : await(admin.listGroups().all())) {
            if (group.groupId().equals(applicationId)
                    && !STOPPED.contains(group.groupState().orElse(GroupState.UNKNOWN))) {
                throw new CommandException("The application " + applicationId + " is running, so nothing was changed:"
                        + " stop every instance of it first; one that was killed counts until its session times out,"
                        + " 45 seconds by default.");
            }
        }
    }

    private static List<Rewind> rewinds(Admin admin, String applicationId, @Nullable Instant start) {
        List<TopicPartition> partitions = partitions(admin);
        Map<TopicPartition, OffsetAndMetadata> committed = committed(admin, applicationId);
        Map<TopicPartition, ListOffsetsResultInfo> earliest = offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> latest = offsets(admin, partitions, OffsetSpec.latest());
        Map<TopicPartition, ListOffsetsResultInfo> first =
                offsets(admin, partitions, OffsetSpec.forTimestamp(start == null ? 0 : start.toEpochMilli()));
        List<Rewind> rewinds = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata stands = committed.get(partition);
            ListOffsetsResultInfo found = of(first, partition);
            // Nothing as young as that: the partition is read on from its end.
            boolean none = found.offset() < 0;
            long to = none ? of(latest, partition).offset() : found.offset();
            rewinds.add(new Rewind(
                    partition.partition(),
                    stands == null ? null : stands.offset(),
                    start == null ? of(earliest, partition).offset() : to,
                    none ? null : Instant.ofEpochMilli(found.timestamp())));
        }
        return rewinds;
    }

    private static ListOffsetsResultInfo of(
            Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
        ListOffsetsResultInfo offset = offsets.get(partition);
        if (offset == null) {
            throw new IllegalStateException("Expected an offset of " + partition + ", but Kafka gave none");
        }
        return offset;
    }

    private static List<TopicPartition> partitions(Admin admin) {
        int partitions = await(admin.describeTopics(List.of(Topics.EVENTS)).allTopicNames()).values().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        return IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(Topics.EVENTS, partition))
                .toList();
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String applicationId) {
        try {
            return await(admin.listConsumerGroupOffsets(applicationId).partitionsToOffsetAndMetadata());
        } catch (CommandException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw e;
        }
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        return await(admin.listOffsets(asked).all());
    }

    private static @Nullable Duration kept(Admin admin) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, Topics.EVENTS);
        long retentionMs = await(admin.describeConfigs(List.of(topic)).all()).values().stream()
                .mapToLong(config -> Long.parseLong(
                        config.get(TopicConfig.RETENTION_MS_CONFIG).value()))
                .max()
                .orElse(-1);
        return retentionMs < 0 ? null : Duration.ofMillis(retentionMs);
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandException(
                    cause instanceof TimeoutException
                            ? "Kafka does not answer: is --bootstrap-server right?"
                            : "Kafka refused: " + cause.getMessage(),
                    cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted while waiting for Kafka.", e);
        }
    }
}
