package io.handover.history.cluster;

import io.handover.terminal.CommandException;
import io.handover.terminal.KafkaCalls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics and consumer groups of a Kafka cluster. Every method throws {@link CommandException} if Kafka rejects the
 * request or does not answer.
 */
public final class Cluster implements AutoCloseable {

    private static final int TIMEOUT_MS = 20_000;
    private static final long PROPAGATION_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long TRANSACTION_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Set<GroupState> STOPPED = Set.of(GroupState.EMPTY, GroupState.DEAD);

    private final Admin admin;

    /** @throws org.apache.kafka.common.KafkaException if the client rejects its settings */
    public Cluster(Properties client) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
        admin = Admin.create(properties);
    }

    /** Returns the names of all topics. */
    public Set<String> topics() {
        return KafkaCalls.await(admin.listTopics().names(), "list the topics");
    }

    /** Describes a topic that exists. A broker serves a new topic only some time after it was created. */
    public TopicDescription topic(String name) {
        long deadline = System.nanoTime() + PROPAGATION_NANOS;
        while (true) {
            try {
                return KafkaCalls.await(
                                admin.describeTopics(List.of(name)).allTopicNames(), "describe the topic " + name)
                        .values()
                        .iterator()
                        .next();
            } catch (CommandException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                if (System.nanoTime() > deadline) {
                    throw new CommandException("There is no topic " + name + " on this cluster.", e);
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Returns the partitions of a topic that exists, in their order. */
    public List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, topic(topic).partitions().size())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    public void create(NewTopic topic) {
        KafkaCalls.await(admin.createTopics(List.of(topic)).all(), "create the topic " + topic.name());
    }

    /** Deletes a group without members, with its committed offsets. */
    public void deleteGroup(String group) {
        KafkaCalls.await(admin.deleteConsumerGroups(List.of(group)).all(), "delete the group " + group);
    }

    public void delete(List<String> topics) {
        KafkaCalls.await(admin.deleteTopics(topics).all(), "delete the topics " + String.join(", ", topics));
    }

    /** Returns the settings of a topic, with those that it has from the broker. */
    public Map<String, String> settings(String topic) {
        return settings(topic, false);
    }

    /** Returns the settings that the topic itself has. */
    public Map<String, String> ownSettings(String topic) {
        return settings(topic, true);
    }

    private Map<String, String> settings(String topic, boolean onlyOwn) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<String, String> settings = new TreeMap<>();
        for (Config config : KafkaCalls.await(
                        admin.describeConfigs(List.of(resource)).all(), "describe the settings of the topic " + topic)
                .values()) {
            for (ConfigEntry entry : config.entries()) {
                boolean isOwn = entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
                if (entry.value() != null && (isOwn || !onlyOwn)) {
                    settings.put(entry.name(), entry.value());
                }
            }
        }
        return settings;
    }

    public void set(String topic, Map<String, String> settings) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        KafkaCalls.await(
                admin.incrementalAlterConfigs(Map.of(resource, changes)).all(),
                "change the settings of the topic " + topic);
    }

    /**
     * Returns the committed offsets of a group; none if there is no such group. Waits until no transaction that commits
     * offsets is open.
     */
    public Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
            KafkaCalls.await(
                            admin.listConsumerGroupOffsets(
                                            group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                                    .partitionsToOffsetAndMetadata(),
                            "list the offsets of the group " + group)
                    .forEach((partition, offset) -> {
                        // Kafka answers null for a partition without an offset.
                        if (offset != null) {
                            committed.put(partition, offset);
                        }
                    });
            return committed;
        } catch (CommandException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw e;
        }
    }

    /** Sets the committed offsets of a group without members. */
    public void commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
        KafkaCalls.await(
                admin.alterConsumerGroupOffsets(group, offsets).all(), "set the offsets of the group " + group);
    }

    /** Returns an offset of each partition; uncommitted records count too. */
    public Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec which) {
        return offsets(partitions, which, IsolationLevel.READ_UNCOMMITTED);
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(
            List<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        return KafkaCalls.await(
                admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all(), "list the offsets of a topic");
    }

    /** Returns the end offset of each partition by its number, up to which transactions are complete. */
    public Map<Integer, Long> ends(String topic) {
        return byNumber(offsets(partitions(topic), OffsetSpec.latest(), IsolationLevel.READ_COMMITTED));
    }

    /** Returns the first offset of each partition by its number. */
    public Map<Integer, Long> begins(String topic) {
        return byNumber(offsets(partitions(topic), OffsetSpec.earliest(), IsolationLevel.READ_COMMITTED));
    }

    private static Map<Integer, Long> byNumber(Map<TopicPartition, ListOffsetsResultInfo> offsets) {
        Map<Integer, Long> byNumber = new TreeMap<>();
        offsets.forEach((partition, offset) -> byNumber.put(
                partition.partition(), Objects.requireNonNull(offset, "offset").offset()));
        return byNumber;
    }

    /**
     * Waits until a topic has no open transaction, and returns its end offsets by partition number. After a kill, Kafka
     * aborts an open transaction when it times out.
     *
     * @throws CommandException if a transaction stays open
     */
    public Map<Integer, Long> settledEnds(String topic) {
        long deadline = System.nanoTime() + TRANSACTION_NANOS;
        while (true) {
            Map<Integer, Long> all =
                    byNumber(offsets(partitions(topic), OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED));
            if (ends(topic).equals(all)) {
                return all;
            }
            if (System.nanoTime() > deadline) {
                throw new CommandException("A transaction in the topic " + topic
                        + " stays open. Stop its producer, or abort it with kafka-transactions.sh.");
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    /**
     * Checks that a group has no members.
     *
     * @throws CommandException if it has members
     */
    public void requireStopped(String applicationId) {
        for (GroupListing group : KafkaCalls.await(admin.listGroups().all(), "list the groups")) {
            if (group.groupId().equals(applicationId)
                    && !STOPPED.contains(group.groupState().orElse(GroupState.UNKNOWN))) {
                throw new CommandException("The application " + applicationId + " is running, so nothing was changed:"
                        + " stop every instance first. An instance that was killed counts until its session times out,"
                        + " 45 seconds by default.");
            }
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
