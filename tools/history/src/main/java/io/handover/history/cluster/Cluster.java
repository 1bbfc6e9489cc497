package io.handover.history.cluster;

import io.handover.service.MissingRight;
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
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
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
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
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
    private final String servers;

    /** @throws org.apache.kafka.common.KafkaException if the client rejects its settings */
    public Cluster(Properties client) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        properties.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS / 2);
        admin = Admin.create(properties);
        servers = String.valueOf(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    }

    /**
     * Waits for an answer of Kafka.
     *
     * @param right what the user needs for the request
     */
    private <T> T await(KafkaFuture<T> answer, String action, MissingRight right) {
        try {
            return KafkaCalls.await(answer, action);
        } catch (CommandException e) {
            if (e.getCause() instanceof AuthorizationException) {
                throw new CommandException(right.sentence(servers), e.getCause());
            }
            throw e;
        }
    }

    /**
     * Returns whether there is such a topic.
     *
     * @param needed what the command does with the topic, except with its settings. If the user cannot even see the topic,
     *     all of it is missing. A list of all topics would leave such a topic out
     */
    public boolean has(String topic, AclOperation... needed) {
        try {
            Map<String, TopicDescription> unused = await(
                    admin.describeTopics(List.of(topic)).allTopicNames(),
                    "describe the topic " + topic,
                    MissingRight.onTopic(topic, needed));
            return true;
        } catch (CommandException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    /** Describes a topic that exists. A broker serves a new topic only some time after it was created. */
    public TopicDescription topic(String name) {
        long deadline = System.nanoTime() + PROPAGATION_NANOS;
        while (true) {
            try {
                return await(
                                admin.describeTopics(List.of(name)).allTopicNames(),
                                "describe the topic " + name,
                                MissingRight.onTopic(name, AclOperation.DESCRIBE))
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

    /** Returns whether the user may read a topic that exists; true if the broker does not say. */
    boolean mayRead(String topic) {
        return KafkaCalls.await(
                        admin.describeTopics(
                                        List.of(topic), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                                .allTopicNames(),
                        "describe the topic " + topic)
                .values()
                .stream()
                .map(TopicDescription::authorizedOperations)
                .allMatch(permitted -> permitted == null || permitted.contains(AclOperation.READ));
    }

    /** Returns the partitions of a topic that exists, in their order. */
    public List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, topic(topic).partitions().size())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    public void create(NewTopic topic) {
        Void unused = await(
                admin.createTopics(List.of(topic)).all(),
                "create the topic " + topic.name(),
                MissingRight.onTopic(topic.name(), AclOperation.CREATE));
    }

    /** Deletes a group without members, with its committed offsets. */
    public void deleteGroup(String group) {
        Void unused = await(
                admin.deleteConsumerGroups(List.of(group)).all(),
                "delete the group " + group,
                MissingRight.onGroup(group, AclOperation.DELETE));
    }

    public void delete(List<String> topics) {
        admin.deleteTopics(topics).topicNameValues().forEach((topic, answer) -> {
            Void unused = await(answer, "delete the topic " + topic, MissingRight.onTopic(topic, AclOperation.DELETE));
        });
    }

    /**
     * Returns the settings of a topic, with those that it has from the broker.
     *
     * @param needed what the command does with them
     */
    public Map<String, String> settings(String topic, AclOperation needed) {
        return settings(topic, needed, false);
    }

    /** Returns the settings that the topic itself has. */
    public Map<String, String> ownSettings(String topic) {
        return settings(topic, AclOperation.DESCRIBE_CONFIGS, true);
    }

    private Map<String, String> settings(String topic, AclOperation needed, boolean onlyOwn) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<String, String> settings = new TreeMap<>();
        for (Config config : await(
                        admin.describeConfigs(List.of(resource)).all(),
                        "describe the settings of the topic " + topic,
                        MissingRight.onTopic(topic, needed))
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
        Void unused = await(
                admin.incrementalAlterConfigs(Map.of(resource, changes)).all(),
                "change the settings of the topic " + topic,
                MissingRight.onTopic(topic, AclOperation.ALTER_CONFIGS));
    }

    /**
     * Returns the committed offsets of a group; none if there is no such group. Waits until no transaction that commits
     * offsets is open.
     *
     * @param needed what the command does with the group
     */
    public Map<TopicPartition, OffsetAndMetadata> committed(String group, AclOperation needed) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
            await(
                            admin.listConsumerGroupOffsets(
                                            group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                                    .partitionsToOffsetAndMetadata(),
                            "list the offsets of the group " + group,
                            MissingRight.onGroup(group, needed))
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
        AlterConsumerGroupOffsetsResult result = admin.alterConsumerGroupOffsets(group, offsets);
        offsets.keySet().forEach(partition -> {
            Void unused = await(
                    result.partitionResult(partition),
                    "set the offsets of the group " + group,
                    MissingRight.onGroup(group, AclOperation.READ));
        });
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
