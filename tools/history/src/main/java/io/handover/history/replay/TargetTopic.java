package io.handover.history.replay;

import io.handover.history.cluster.Cluster;
import io.handover.terminal.CommandException;
import io.handover.terminal.DurationText;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** The topic to which a replay publishes, with its settings. Some settings reject, change or delete old records. */
final class TargetTopic {

    /**
     * The maximum size of a record. A delivery of 1 MiB with its key and headers is larger than a broker accepts by
     * default.
     */
    private static final int DELIVERY_MAX_BYTES = 2 * 1024 * 1024;

    private final String name;
    private final Map<String, String> config;

    /** @param config the settings of the topic by name; a limit that is missing is treated as unlimited */
    TargetTopic(String name, Map<String, String> config) {
        this.name = name;
        this.config = Map.copyOf(config);
    }

    /**
     * Returns the topic, and creates it if it does not exist.
     *
     * @param partitions the number of partitions of a new topic; null to create no topic
     * @param isLive whether the topic is the live one, which may replace the times of its records
     * @throws CommandException if the topic does not exist, is compacted, or replaces the times of its records and is
     *     not live
     */
    static TargetTopic of(Properties client, String name, @Nullable Integer partitions, boolean isLive) {
        try (Cluster cluster = new Cluster(client)) {
            if (!cluster.has(name, AclOperation.READ, AclOperation.WRITE)) {
                if (partitions == null) {
                    throw new CommandException(
                            "There is no topic " + name + " on this cluster; --create-partitions N creates it.");
                }
                create(cluster, name, partitions);
            }
            // It waits for a new topic: a broker knows it only some time after the controller has created it.
            TopicDescription unused = cluster.topic(name);
            TargetTopic topic = new TargetTopic(name, cluster.settings(name, AclOperation.DESCRIBE_CONFIGS));
            topic.requireRecordsUnchanged(isLive);
            return topic;
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandException("Kafka cannot be used: " + cause.getMessage(), e);
        }
    }

    private static void create(Cluster cluster, String name, int partitions) {
        NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty())
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        "-1",
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "CreateTime",
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(DELIVERY_MAX_BYTES)));
        try {
            cluster.create(topic);
        } catch (CommandException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** Returns whether the broker dates the records, with the time of publishing. */
    boolean replacesTimes() {
        return "LogAppendTime".equals(config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG));
    }

    /**
     * Checks that the topic keeps every record, and with the time that the replay writes.
     *
     * @param isLive whether the topic is the live one, which may replace the times
     * @throws CommandException if the topic replaces the times of its records and is not live, or is compacted
     */
    void requireRecordsUnchanged(boolean isLive) {
        if (replacesTimes() && !isLive) {
            throw new CommandException("The topic " + name + " replaces the time of every record"
                    + " (message.timestamp.type=LogAppendTime). Choose a topic with CreateTime; --create-partitions"
                    + " creates one.");
        }
        if (config.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "").contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new CommandException("The topic " + name + " is compacted (cleanup.policy), so it would keep only"
                    + " the last delivery of each conversation. Choose another topic.");
        }
    }

    /**
     * Checks that the topic accepts the first delivery, and will not delete it soon because of its age.
     *
     * @param time the time of the first delivery, epoch ms
     * @param now the current time, epoch ms
     * @param despiteRetention whether a topic that will soon delete the delivery is accepted too
     * @throws CommandException if the topic would reject or soon delete the delivery
     */
    void requireAccepted(long time, long now, boolean despiteRetention) {
        if (replacesTimes()) {
            return;
        }
        long oldest = millis(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG);
        if (now - time > oldest) {
            throw new CommandException("The first delivery is of " + Instant.ofEpochMilli(time) + ", and the topic "
                    + name + " rejects records older than " + DurationText.brief(oldest)
                    + " (message.timestamp.before.max.ms). Raise that setting.");
        }
        long retention = millis(TopicConfig.RETENTION_MS_CONFIG);
        if (now - time > retention && !despiteRetention) {
            throw new CommandException("The first delivery is of " + Instant.ofEpochMilli(time) + ", and the topic "
                    + name + " deletes records older than " + DurationText.brief(retention)
                    + " (retention.ms). Set retention.ms=-1, or add --despite-retention if they are read before.");
        }
    }

    /** Returns a maximum age of records, ms; {@link Long#MAX_VALUE} if the setting is missing or negative. */
    private long millis(String key) {
        long value = Long.parseLong(config.getOrDefault(key, "-1"));
        return value < 0 ? Long.MAX_VALUE : value;
    }
}
