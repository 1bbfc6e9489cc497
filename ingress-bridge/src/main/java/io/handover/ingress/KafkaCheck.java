package io.handover.ingress;

import io.handover.schema.Topics;
import io.handover.service.StartException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks regularly whether Kafka could store a delivery. Storing needs all topics, and at least one partition per topic
 * with a leader and enough in-sync replicas.
 *
 * <p>Each check also makes the producer fetch missing topic metadata, because a send must not wait for metadata. It
 * also replaces a producer that has failed permanently.
 */
final class KafkaCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaCheck.class);
    private static final List<String> TOPICS = List.of(Topics.EVENTS, Topics.DEAD_LETTERS);
    private static final List<ConfigResource> CONFIGS =
            TOPICS.stream().map(KafkaCheck::configOf).toList();
    private static final String MIN_IN_SYNC = TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
    private static final long PAUSE_WHILE_READY_MS = 1_000;
    private static final long PAUSE_WHILE_NOT_READY_MS = 200;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);

    private final Admin admin;
    private final DeliveryProducer producer;
    private final Runnable createTopics;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "handover-kafka-check");

    /** The reason why Kafka could not store a delivery at the last check; null if there is no such reason. */
    private volatile @Nullable String problem = "Kafka has not answered yet.";

    /**
     * The problems of the partitions that are not ready, although other partitions are ready. Empty if all are ready.
     */
    private String partialProblem = "";

    private KafkaCheck(Admin admin, DeliveryProducer producer, Runnable createTopics) {
        this.admin = admin;
        this.producer = producer;
        this.createTopics = createTopics;
    }

    /**
     * Starts the regular check. {@link #close} closes the admin client, but not the producer.
     *
     * @param createTopics called when a topic is missing; creates the topic if the settings allow it
     */
    static KafkaCheck start(Admin admin, DeliveryProducer producer, Runnable createTopics) {
        KafkaCheck check = new KafkaCheck(admin, producer, createTopics);
        check.thread.setDaemon(true);
        check.thread.start();
        return check;
    }

    /** Returns the reason why Kafka could not store a delivery at the last check; empty if there is no such reason. */
    Optional<String> notReady() {
        return Optional.ofNullable(problem);
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(ANSWER_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.close(ANSWER_TIMEOUT);
    }

    private void run() {
        try {
            do {
                update(findProblem());
            } while (!closed.await(
                    problem == null ? PAUSE_WHILE_READY_MS : PAUSE_WHILE_NOT_READY_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("Kafka check interrupted");
        }
    }

    private void update(@Nullable String found) {
        if (found == null && problem != null) {
            LOG.info("Kafka is ready");
        } else if (found != null && problem == null) {
            LOG.atWarn().addKeyValue("reason", found).log("Kafka is not ready");
        } else if (found != null && !found.equals(problem)) {
            LOG.atInfo().addKeyValue("reason", found).log("Kafka is still not ready");
        }
        problem = found;
    }

    private @Nullable String findProblem() throws InterruptedException {
        try {
            producer.replaceIfFailed();
            Map<String, KafkaFuture<TopicDescription>> descriptions =
                    admin.describeTopics(TOPICS).topicNameValues();
            Map<ConfigResource, KafkaFuture<Config>> configs =
                    admin.describeConfigs(CONFIGS).values();
            StringJoiner partial = new StringJoiner(" ");
            for (String topic : TOPICS) {
                KafkaFuture<TopicDescription> description = Objects.requireNonNull(descriptions.get(topic), topic);
                KafkaFuture<Config> config = Objects.requireNonNull(configs.get(configOf(topic)), topic);
                String found = problemOf(topic, description, config, partial);
                if (found != null) {
                    return found;
                }
            }
            updatePartial(partial.toString());
            return fetchMetadata();
        } catch (InterruptException e) {
            throw new InterruptedException();
        } catch (StartException e) {
            return String.valueOf(e.getMessage());
        } catch (RuntimeException | Error e) {
            // The next check may succeed. Without this catch the thread would end, and its last result would stay
            // forever.
            return "The check of Kafka failed: " + (e.getMessage() == null ? e : e.getMessage());
        }
    }

    /** Logs partitions that are not ready. The bridge stays ready, because it can store to the other partitions. */
    private void updatePartial(String found) {
        if (found.equals(partialProblem)) {
            return;
        }
        if (found.isEmpty()) {
            LOG.info("All partitions are ready");
        } else {
            LOG.atWarn().addKeyValue("reason", found).log("Some partitions are not ready");
        }
        partialProblem = found;
    }

    /**
     * Makes the producer fetch missing metadata. All topics are requested before the return, so that one request
     * fetches the metadata of all.
     */
    private @Nullable String fetchMetadata() {
        String unknown = null;
        for (String topic : TOPICS) {
            try {
                producer.fetchMetadata(topic);
            } catch (org.apache.kafka.common.errors.TimeoutException e) {
                unknown = "The producer has no metadata of topic " + topic + " yet.";
            }
        }
        return unknown;
    }

    /**
     * Returns the problem of a topic without any ready partition, or null if a partition is ready.
     *
     * @param partial receives the problems of single partitions if another partition is ready
     */
    private @Nullable String problemOf(
            String topic, KafkaFuture<TopicDescription> description, KafkaFuture<Config> config, StringJoiner partial)
            throws InterruptedException {
        try {
            List<TopicPartitionInfo> partitions = description
                    .get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .partitions();
            int minInSync = minInSync(config);
            List<String> problems = partitions.stream()
                    .map(partition -> problemOf(topic, partition, minInSync))
                    .filter(problem -> !problem.isEmpty())
                    .toList();
            if (problems.size() == partitions.size()) {
                return problems.get(0);
            }
            problems.forEach(partial::add);
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                createTopics.run();
                return "Topic " + topic + " does not exist.";
            }
            return "Topic " + topic + " cannot be described: " + (e.getCause() == null ? e : e.getCause()).getMessage();
        } catch (TimeoutException e) {
            return "Kafka does not answer.";
        }
    }

    /** Returns the problem of a partition, or an empty text if the partition is ready. */
    private static String problemOf(String topic, TopicPartitionInfo partition, int minInSync) {
        String name = "Partition " + partition.partition() + " of topic " + topic;
        if (partition.leader() == null || partition.leader().isEmpty()) {
            return name + " has no leader.";
        }
        int inSync = partition.isr().size();
        return inSync < minInSync ? name + " has " + inSync + " in-sync replicas but needs " + minInSync + "." : "";
    }

    /**
     * Returns {@code min.insync.replicas} of the topic. Returns 1 if the config cannot be read, so that the bridge
     * works without permission to read it.
     */
    private static int minInSync(KafkaFuture<Config> config) throws InterruptedException {
        try {
            ConfigEntry entry =
                    config.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).get(MIN_IN_SYNC);
            return entry == null || entry.value() == null ? 1 : Integer.parseInt(entry.value());
        } catch (ExecutionException | TimeoutException e) {
            LOG.atDebug().addKeyValue("config", MIN_IN_SYNC).setCause(e).log("Topic config could not be read");
            return 1;
        }
    }

    private static ConfigResource configOf(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
