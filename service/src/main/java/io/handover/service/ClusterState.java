package io.handover.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * What the checks need from a cluster. Reading it changes nothing, and creates no topic.
 *
 * @param topics the topics that exist
 * @param forbidden the topics that the user may not describe
 * @param transactionVersion the finalized feature level {@code transaction.version}; null if it cannot be read
 */
record ClusterState(
        Map<String, Topic> topics,
        Set<String> forbidden,
        @Nullable Short transactionVersion) {

    private static final String TRANSACTION_VERSION = "transaction.version";

    ClusterState {
        topics = Map.copyOf(topics);
        forbidden = Set.copyOf(forbidden);
    }

    /**
     * A topic.
     *
     * @param config the settings; empty if the user may not read them
     * @param permitted the operations that the user may do; empty if the broker does not say
     */
    record Topic(List<TopicPartitionInfo> partitions, Map<String, String> config, Set<AclOperation> permitted) {}

    /**
     * Reads the state of the topics with these names.
     *
     * @throws TimeoutException if Kafka does not answer in time
     * @throws ExecutionException if Kafka rejects the request for another reason than a missing topic or permission
     */
    static ClusterState read(Admin admin, Collection<String> names, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, KafkaFuture<TopicDescription>> descriptions = admin.describeTopics(
                        names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues();
        KafkaFuture<FeatureMetadata> features = admin.describeFeatures().featureMetadata();
        Map<String, TopicDescription> found = new HashMap<>();
        List<String> forbidden = new ArrayList<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> description : descriptions.entrySet()) {
            try {
                found.put(description.getKey(), await(description.getValue(), timeout));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    forbidden.add(description.getKey());
                } else if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        Map<String, Map<String, String>> configs = configs(admin, found.keySet(), timeout);
        Map<String, Topic> topics = new HashMap<>();
        found.forEach((name, description) -> topics.put(
                name,
                new Topic(
                        description.partitions(),
                        configs.getOrDefault(name, Map.of()),
                        description.authorizedOperations() == null ? Set.of() : description.authorizedOperations())));
        return new ClusterState(topics, Set.copyOf(forbidden), transactionVersion(features, timeout));
    }

    private static Map<String, Map<String, String>> configs(Admin admin, Set<String> topics, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<ConfigResource, KafkaFuture<Config>> described = admin.describeConfigs(topics.stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList())
                .values();
        Map<String, Map<String, String>> configs = new HashMap<>();
        for (Map.Entry<ConfigResource, KafkaFuture<Config>> topic : described.entrySet()) {
            try {
                configs.put(
                        topic.getKey().name(),
                        await(topic.getValue(), timeout).entries().stream()
                                .filter(entry -> entry.value() != null)
                                .collect(Collectors.toMap(entry -> entry.name(), entry -> entry.value())));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)
                        && !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return configs;
    }

    private static @Nullable Short transactionVersion(KafkaFuture<FeatureMetadata> features, Duration timeout)
            throws InterruptedException, TimeoutException {
        try {
            FinalizedVersionRange range =
                    await(features, timeout).finalizedFeatures().get(TRANSACTION_VERSION);
            return range == null ? 0 : range.maxVersionLevel();
        } catch (ExecutionException e) {
            return null;
        }
    }

    /** Waits for an answer. The client's own timeout, or a lost connection, counts as no answer. */
    private static <T> T await(KafkaFuture<T> future, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException
                    || e.getCause() instanceof DisconnectException) {
                throw new TimeoutException(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }
}
