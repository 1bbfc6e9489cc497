package io.handover.ingress;

import io.handover.schema.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The question, asked again and again, whether Kafka could take a delivery now. It also keeps the producer's knowledge of
 * the topics warm, because a send must not wait for it.
 */
final class KafkaCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaCheck.class);
    private static final List<String> TOPICS = List.of(Topics.EVENTS, Topics.DEAD_LETTERS);
    private static final long PAUSE_WHILE_READY_MS = 1_000;
    private static final long PAUSE_WHILE_NOT_READY_MS = 200;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);

    private final Admin admin;
    private final Producer<?, ?> producer;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "handover-kafka-check");

    /** Why Kafka could not take a delivery; null while it can. */
    private volatile @Nullable String problem = "Kafka has not answered yet.";

    private KafkaCheck(Admin admin, Producer<?, ?> producer) {
        this.admin = admin;
        this.producer = producer;
    }

    /** Starts asking. The check owns the admin client from now on, not the producer. */
    static KafkaCheck start(Admin admin, Producer<?, ?> producer) {
        KafkaCheck check = new KafkaCheck(admin, producer);
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
            Map<String, KafkaFuture<TopicDescription>> descriptions =
                    admin.describeTopics(TOPICS).topicNameValues();
            for (String topic : TOPICS) {
                String found = problemOf(topic, descriptions);
                if (found != null) {
                    return found;
                }
            }
            return warmUp();
        } catch (InterruptException e) {
            throw new InterruptedException();
        } catch (RuntimeException e) {
            // Whatever it is, the next round may do better; a check that died would leave its last word for ever.
            return "The producer cannot reach Kafka yet: " + e.getMessage();
        }
    }

    /** Asks for all topics, so that the producer fetches what it does not know in one go, in the background. */
    private @Nullable String warmUp() {
        String unknown = null;
        for (String topic : TOPICS) {
            try {
                producer.partitionsFor(topic);
            } catch (org.apache.kafka.common.errors.TimeoutException e) {
                unknown = "The producer does not know topic " + topic + " yet.";
            }
        }
        return unknown;
    }

    private static @Nullable String problemOf(String topic, Map<String, KafkaFuture<TopicDescription>> descriptions)
            throws InterruptedException {
        try {
            TopicDescription description = Objects.requireNonNull(descriptions.get(topic), topic)
                    .get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            for (TopicPartitionInfo partition : description.partitions()) {
                if (partition.leader() == null || partition.leader().isEmpty()) {
                    return "Partition " + partition.partition() + " of topic " + topic + " has no leader.";
                }
            }
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof UnknownTopicOrPartitionException
                    ? "There is no topic " + topic + "."
                    : "Kafka does not describe topic " + topic + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage();
        } catch (TimeoutException e) {
            return "Kafka does not answer.";
        }
    }
}
