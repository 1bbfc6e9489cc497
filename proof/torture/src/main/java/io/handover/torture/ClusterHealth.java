package io.handover.torture;

import io.handover.schema.Topics;
import io.handover.terminal.CommandException;
import io.handover.terminal.KafkaCalls;
import io.handover.terminal.StopSignal;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health of the processes of a run, by their readiness checks and Kafka's Admin client. */
final class ClusterHealth implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterHealth.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final int ANSWER_TIMEOUT_MS = 3_000;
    private static final int OK = 200;

    private final Deployment deployment;
    private final Admin admin;

    ClusterHealth(Deployment deployment) {
        this.deployment = deployment;
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                deployment.bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                String.valueOf(ANSWER_TIMEOUT_MS),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                String.valueOf(ANSWER_TIMEOUT_MS)));
    }

    /**
     * Waits until every broker is in the cluster and every replica is in sync.
     *
     * @throws CommandException after a time-out
     */
    void awaitBrokers(StopSignal stop) {
        await(this::brokersProblem, stop);
    }

    /**
     * Waits until the client is ready.
     *
     * @throws CommandException after a time-out
     */
    void awaitReady(ChildProcess client, StopSignal stop) {
        await(() -> clientProblem(client), stop);
    }

    /**
     * Waits until all processes are ready and the apps have read the log up to its current end. Readiness is not
     * enough: an app that was frozen or cut off still reports for a while that it is ready.
     *
     * @throws CommandException after a time-out
     */
    void awaitAll(StopSignal stop) {
        awaitBrokers(stop);
        awaitReady(deployment.bridge(), stop);
        deployment.apps().forEach(app -> awaitReady(app, stop));
        Map<TopicPartition, Long> ends = ends();
        ends.keySet().removeIf(partition -> !partition.topic().equals(Topics.EVENTS));
        await(
                () -> hasRead(Deployment.GROUP, ends, new ListConsumerGroupOffsetsOptions())
                        ? null
                        : "the apps have not read the log to its end",
                stop);
    }

    private static void await(Supplier<@Nullable String> problem, StopSignal stop) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String found = problem.get();
        while (found != null && !stop.await(LOOK_EVERY)) {
            if (System.nanoTime() > deadline) {
                throw new CommandException(
                        "The processes did not recover within " + PATIENCE.toSeconds() + " s: " + found + ".");
            }
            found = problem.get();
        }
    }

    private @Nullable String brokersProblem() {
        try {
            int brokers = KafkaCalls.await(admin.describeCluster().nodes(), "list the brokers")
                    .size();
            if (brokers < Deployment.BROKERS) {
                return brokers + " of " + Deployment.BROKERS + " brokers are in the cluster";
            }
            for (TopicDescription topic : describeAll().values()) {
                for (TopicPartitionInfo partition : topic.partitions()) {
                    if (partition.leader() == null || partition.isr().size() < Deployment.BROKERS) {
                        return topic.name() + "-" + partition.partition() + " has "
                                + partition.isr().size() + " replicas in sync";
                    }
                }
            }
            return null;
        } catch (CommandException e) {
            return e.getMessage();
        }
    }

    private Map<String, TopicDescription> describeAll() {
        Set<String> names = KafkaCalls.await(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names(), "list the topics");
        return KafkaCalls.await(admin.describeTopics(names).allTopicNames(), "describe the topics");
    }

    /**
     * Returns the id of the broker that leads the partition.
     *
     * @throws CommandException if the partition has no leader
     */
    int leaderOf(String topic, int partition) {
        TopicDescription description = KafkaCalls.await(
                        admin.describeTopics(List.of(topic)).allTopicNames(), "describe the topic " + topic)
                .get(topic);
        if (description != null) {
            for (TopicPartitionInfo info : description.partitions()) {
                if (info.partition() == partition && info.leader() != null) {
                    return info.leader().id();
                }
            }
        }
        throw new CommandException("The partition " + topic + "-" + partition + " has no leader.");
    }

    private @Nullable String clientProblem(ChildProcess client) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) deployment.readinessOf(client).toURL().openConnection();
            connection.setConnectTimeout(ANSWER_TIMEOUT_MS);
            connection.setReadTimeout(ANSWER_TIMEOUT_MS);
            try {
                int status = connection.getResponseCode();
                return status == OK ? null : client.name() + " is not ready (" + status + ")";
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return client.name() + " does not answer: " + e.getMessage();
        }
    }

    /**
     * Returns the end offsets of the partitions of the events and commands.
     *
     * @throws CommandException if the brokers do not answer
     */
    Map<TopicPartition, Long> ends() {
        return ends(List.of(Topics.EVENTS, Topics.COMMANDS));
    }

    /** Whether the apps have read all events and the bridge all lookups, and both have committed their offsets. */
    boolean isAllRead() {
        try {
            return hasRead(
                            Deployment.GROUP,
                            ends(List.of(Topics.EVENTS)),
                            new ListConsumerGroupOffsetsOptions().requireStable(true))
                    && hasRead(
                            Deployment.DIRECTORY_GROUP,
                            ends(List.of(Topics.AGENT_LOOKUPS)),
                            new ListConsumerGroupOffsetsOptions());
        } catch (CommandException e) {
            LOG.atDebug().setCause(e).log("End offsets not read");
            return false;
        }
    }

    private boolean hasRead(String group, Map<TopicPartition, Long> ends, ListConsumerGroupOffsetsOptions options) {
        try {
            Map<TopicPartition, OffsetAndMetadata> read = KafkaCalls.await(
                    admin.listConsumerGroupOffsets(group, options).partitionsToOffsetAndMetadata(),
                    "list the offsets of the group " + group);
            return ends.entrySet().stream().allMatch(end -> {
                OffsetAndMetadata reached = read.get(end.getKey());
                return end.getValue() == 0 || (reached != null && reached.offset() >= end.getValue());
            });
        } catch (CommandException e) {
            LOG.atDebug().setCause(e).log("Committed offsets not read");
            return false;
        }
    }

    private Map<TopicPartition, Long> ends(List<String> topics) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        KafkaCalls.await(admin.describeTopics(topics).allTopicNames(), "describe the topics " + topics)
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(partition ->
                                specs.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
        Map<TopicPartition, Long> ends = new HashMap<>();
        KafkaCalls.await(admin.listOffsets(specs).all(), "list the offsets of " + topics)
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    @Override
    public void close() {
        admin.close(Duration.ofMillis(ANSWER_TIMEOUT_MS));
    }
}
