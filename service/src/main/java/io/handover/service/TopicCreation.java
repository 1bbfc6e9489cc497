package io.handover.service;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates missing topics. It is for clusters on which no other tool creates the topics. */
public final class TopicCreation {

    private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);
    static final Duration EVENTS_RETENTION = Duration.ofDays(7);

    /** The agent directory drops a lookup after minutes. A longer time only shows an operator what was asked for. */
    private static final Duration LOOKUPS_RETENTION = Duration.ofDays(1);

    /**
     * The maximum size of a record. The default limit of a broker is too small for a delivery of 1 MiB with key and
     * headers.
     */
    static final int DELIVERY_MAX_BYTES = 2 * 1024 * 1024;

    /** The leader of the partition dates the records. So no clock of another process can move the stream time. */
    private static final String TIMESTAMP_TYPE = "LogAppendTime";

    private static final long WAIT_SECONDS = 30;

    private TopicCreation() {}

    /**
     * Creates the missing topics if {@value SharedSettings#TOPICS_CREATE_CONFIG} is true.
     *
     * @param needed the names of the topics that may be created
     * @return false if the settings forbid it
     * @throws StartException if Kafka does not answer or rejects the request
     * @throws SettingsException if the Kafka client rejects its settings
     */
    static boolean createMissing(Settings settings, Set<String> needed) {
        if (!settings.getBoolean(SharedSettings.TOPICS_CREATE_CONFIG)) {
            return false;
        }
        try (Admin admin = Admin.create(settings.kafka())) {
            createMissing(
                    admin,
                    TopicNames.of(settings),
                    needed,
                    settings.getInt(SharedSettings.TOPICS_PARTITIONS_CONFIG),
                    settings.getShort(SharedSettings.TOPICS_REPLICATION_FACTOR_CONFIG));
            return true;
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
    }

    static void createMissing(
            Admin admin, TopicNames names, Set<String> needed, int partitions, short replicationFactor) {
        Set<String> existing = await(admin.listTopics().names(), "list the topics");
        List<NewTopic> missing = topics(names, partitions, replicationFactor).stream()
                .filter(topic -> needed.contains(topic.name()) && !existing.contains(topic.name()))
                .toList();
        admin.createTopics(missing).values().forEach(TopicCreation::awaitCreated);
    }

    private static List<NewTopic> topics(TopicNames names, int partitions, short replicationFactor) {
        return configs(names).entrySet().stream()
                .map(entry -> new NewTopic(
                                entry.getKey(),
                                Optional.of(partitions),
                                replicationFactor < 0 ? Optional.empty() : Optional.of(replicationFactor))
                        .configs(entry.getValue()))
                .toList();
    }

    /** Returns the settings of each topic. */
    static Map<String, Map<String, String>> configs(TopicNames names) {
        String maxBytes = Integer.toString(DELIVERY_MAX_BYTES);
        Map<String, String> events = new TreeMap<>(Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(EVENTS_RETENTION.toMillis()),
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                maxBytes,
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                TIMESTAMP_TYPE));
        Map<String, String> deadLetters = new TreeMap<>(Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                maxBytes,
                // With CreateTime, Kafka refuses dead letters of a bridge whose clock is more than an hour ahead.
                TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                TIMESTAMP_TYPE));
        Map<String, String> commands = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        Map<String, String> agentLookups = new TreeMap<>(Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(LOOKUPS_RETENTION.toMillis())));
        return Map.of(
                names.events(),
                events,
                names.commands(),
                commands,
                names.deadLetters(),
                deadLetters,
                names.agentLookups(),
                agentLookups);
    }

    private static void awaitCreated(String topic, KafkaFuture<Void> created) {
        try {
            await(created, "create the topic " + topic);
            LOG.atInfo().addKeyValue("topic", topic).log("Topic created");
        } catch (StartException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
            LOG.atDebug().addKeyValue("topic", topic).log("Topic created by another process");
        }
    }

    static <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartException("Kafka did not " + what + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new StartException(
                    "Kafka did not " + what + " within " + WAIT_SECONDS + " seconds. Check "
                            + SharedSettings.KAFKA_BOOTSTRAP_SERVERS_CONFIG + ".",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("Interrupted while waiting for Kafka to " + what + ".", e);
        }
    }
}
