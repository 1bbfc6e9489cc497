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
 * The question, asked again and again, whether Kafka could take a delivery now: whether the topics are there, and at least
 * some partitions of each have a leader and copies enough. It also keeps the producer's knowledge of the topics warm,
 * because a send must not wait for it, and has a producer replaced that has broken.
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

    /** Why Kafka could not take a delivery; null while it can. */
    private volatile @Nullable String problem = "Kafka has not answered yet.";

    /** What is wrong with some of the partitions; empty if nothing is. */
    private String partialProblem = "";

    private KafkaCheck(Admin admin, DeliveryProducer producer, Runnable createTopics) {
        this.admin = admin;
        this.producer = producer;
        this.createTopics = createTopics;
    }

    /**
     * Starts asking. The check owns the admin client from now on, not the log.
     *
     * @param createTopics is called when a topic is missing: creates it, if that is wanted
     */
    static KafkaCheck start(Admin admin, DeliveryProducer producer, Runnable createTopics) {
        KafkaCheck check = new KafkaCheck(admin, producer, createTopics);
        check.thread.setDaemon(true);
        check.thread.start();
        return check;
    }

    /** Why Kafka could not take a delivery when it was last asked; empty if it could. */
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
            LOG.debug("Interrupted, because the bridge is closing");
        }
    }

    private void update(@Nullable String found) {
        if (found == null && problem != null) {
            LOG.info("Kafka takes deliveries");
        } else if (found != null && problem == null) {
            LOG.warn("Kafka takes no deliveries: {}", found);
        } else if (found != null && !found.equals(problem)) {
            LOG.info("Kafka does not take deliveries yet: {}", found);
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
            // Whatever it is, the next round may do better; a check that died would leave its last word for ever.
            return "Kafka cannot be asked: " + (e.getMessage() == null ? e : e.getMessage());
        }
    }

    /** Some partitions that take nothing are no reason to send the deliveries of all the others away. */
    private void updatePartial(String found) {
        if (!found.equals(partialProblem)) {
            LOG.warn("{}", found.isEmpty() ? "All partitions take deliveries again" : found);
            partialProblem = found;
        }
    }

    /** Asks for all topics, so that the producer fetches what it does not know in one go, in the background. */
    private @Nullable String fetchMetadata() {
        String unknown = null;
        for (String topic : TOPICS) {
            try {
                producer.fetchMetadata(topic);
            } catch (org.apache.kafka.common.errors.TimeoutException e) {
                unknown = "The producer does not know topic " + topic + " yet.";
            }
        }
        return unknown;
    }

    /** @param partial gets what is wrong with some of the partitions, while the others are well */
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
                return "There is no topic " + topic + ".";
            }
            return "Kafka does not describe topic " + topic + ": "
                    + (e.getCause() == null ? e : e.getCause()).getMessage();
        } catch (TimeoutException e) {
            return "Kafka does not answer.";
        }
    }

    /** Empty if there is none. */
    private static String problemOf(String topic, TopicPartitionInfo partition, int minInSync) {
        String name = "Partition " + partition.partition() + " of topic " + topic;
        if (partition.leader() == null || partition.leader().isEmpty()) {
            return name + " has no leader.";
        }
        int inSync = partition.isr().size();
        return inSync < minInSync ? name + " has " + inSync + " of the " + minInSync + " in-sync copies it needs." : "";
    }

    /** 1 if Kafka does not tell: the bridge works without the permission to ask. */
    private static int minInSync(KafkaFuture<Config> config) throws InterruptedException {
        try {
            ConfigEntry entry =
                    config.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).get(MIN_IN_SYNC);
            return entry == null || entry.value() == null ? 1 : Integer.parseInt(entry.value());
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Kafka does not tell {}", MIN_IN_SYNC, e);
            return 1;
        }
    }

    private static ConfigResource configOf(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
