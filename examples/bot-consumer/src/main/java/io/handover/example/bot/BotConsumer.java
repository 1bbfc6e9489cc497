package io.handover.example.bot;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands each command over to a bot at least once, and in the order of its partition.
 *
 * <p>The offset of a command is committed after its hand-over. If the process is killed in between, the command is handed
 * over again with the same id, which the bot uses as its idempotency key.
 *
 * <p>While the bot fails, the partition of the command waits, so that no later command of the conversation overtakes it.
 * The other partitions go on. A command that the bot rejects becomes a dead letter.
 */
public final class BotConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(BotConsumer.class);

    /** The consumer group. */
    public static final String GROUP = "bot";

    static final String REASON_HEADER = "bot-reason";

    private static final String ID_HEADER = "ce_id";
    private static final String TYPE_HEADER = "ce_type";

    /** Other characters cannot be sent in a header. */
    private static final Pattern IDS = Pattern.compile("[!-~]{1,200}");

    private static final Set<String> TYPES = Set.of("io.handover.handover-ended", "io.handover.agent-updated");

    /** It also bounds how late a partition continues after a failure. */
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Consumer<String, byte[]> consumer;
    private final Producer<String, byte[]> producer;
    private final String deadLetters;
    private final Bot bot;
    private final Map<TopicPartition, Failure> failing = new HashMap<>();
    private volatile boolean stopping;

    /**
     * The failure of the first command of a partition.
     *
     * @param pause how long the partition waits
     * @param until when the partition continues, by {@link System#nanoTime()}
     */
    private record Failure(Duration pause, long until) {

        static Failure after(@Nullable Failure last) {
            Duration pause = last == null ? FIRST_PAUSE : last.pause.multipliedBy(2);
            Duration limited = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
            return new Failure(limited, System.nanoTime() + limited.toNanos());
        }

        boolean isOver() {
            return System.nanoTime() - until >= 0;
        }
    }

    /**
     * @param consumer a consumer with {@code isolation.level=read_committed} and without auto-commit
     * @param producer a producer for the dead letters
     * @param deadLetters the topic of the dead letters
     */
    public BotConsumer(
            Consumer<String, byte[]> consumer, Producer<String, byte[]> producer, String deadLetters, Bot bot) {
        this.consumer = consumer;
        this.producer = producer;
        this.deadLetters = deadLetters;
        this.bot = bot;
    }

    /**
     * The settings of the consumer.
     *
     * @param client how to connect to Kafka
     * @param instance a static member of the group keeps its partitions while it restarts, also after {@code kill -9};
     *     null for a dynamic member, whose partitions wait for the session timeout then
     */
    public static Properties consumerProperties(Properties client, @Nullable String instance) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "50");
        if (instance != null) {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        }
        return properties;
    }

    /**
     * Hands commands over until {@link #stop} is called.
     *
     * @throws KafkaException if Kafka refuses a request. The message names a right that is missing
     */
    public void run(String topic) throws InterruptedException {
        consumer.subscribe(List.of(topic), new RevokedPartitions());
        try {
            while (!stopping) {
                resumeWhatWaitedLongEnough();
                ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
                for (Map.Entry<TopicPartition, OffsetAndMetadata> read :
                        records.nextOffsets().entrySet()) {
                    handOver(read.getKey(), records.records(read.getKey()), read.getValue());
                }
            }
        } catch (WakeupException e) {
            LOG.info("Stopping");
        } catch (GroupAuthorizationException e) {
            throw missing("Read", "group", consumer.groupMetadata().groupId(), e);
        } catch (TopicAuthorizationException e) {
            boolean isDeadLetter = e.unauthorizedTopics().contains(deadLetters);
            throw missing(isDeadLetter ? "Write" : "Read", "topic", isDeadLetter ? deadLetters : topic, e);
        }
    }

    private static KafkaException missing(String right, String kind, String name, AuthorizationException e) {
        return new KafkaException(
                "The " + kind + " " + name + " does not permit " + right + " to this user: run kafka-acls.sh"
                        + " --bootstrap-server BROKER --add --allow-principal User:NAME --operation " + right + " --"
                        + kind + " " + name,
                e);
    }

    /** Ends {@link #run}. Can be called from any thread. */
    public void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /**
     * Hands the commands of a partition over, and commits.
     *
     * @param next the position after them. It is also after the end of their transaction, which is a record, too: with
     *     the offset of the last command plus one, the lag of the group would never be 0
     */
    private void handOver(
            TopicPartition partition, List<ConsumerRecord<String, byte[]>> commands, OffsetAndMetadata next)
            throws InterruptedException {
        for (ConsumerRecord<String, byte[]> command : commands) {
            if (stopping) {
                commit(partition, new OffsetAndMetadata(command.offset()));
                return;
            }
            if (!isDone(command)) {
                waitBefore(partition, command.offset());
                commit(partition, new OffsetAndMetadata(command.offset()));
                return;
            }
            failing.remove(partition);
        }
        commit(partition, next);
    }

    private void commit(TopicPartition partition, OffsetAndMetadata next) {
        try {
            consumer.commitSync(Map.of(partition, next));
        } catch (WakeupException e) {
            // stop() came in between. Without this, what was handed over would be handed over again.
            commit(partition, next);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // The next owner of the partition sends these commands again. The bot deduplicates them by id.
            LOG.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("reason", e.getMessage())
                    .log("Offset not committed");
        }
    }

    /** Whether the command was handed over, or put aside, so that the next one can follow. */
    private boolean isDone(ConsumerRecord<String, byte[]> command) throws InterruptedException {
        String type = header(command.headers(), TYPE_HEADER);
        if (type != null && !TYPES.contains(type)) {
            LOG.atInfo().addKeyValue("type", type).log("Ignored a command of an unknown type");
            return true;
        }
        String id = header(command.headers(), ID_HEADER);
        if (id == null || !IDS.matcher(id).matches() || type == null || command.value() == null) {
            putAside(command, "not a command");
            return true;
        }
        Bot.Answer answer = bot.handOver(id, type, command.value());
        if (answer.kind() == Bot.Kind.REJECTED) {
            putAside(command, answer.reason());
        } else if (answer.kind() == Bot.Kind.FAILED) {
            LOG.atWarn()
                    .addKeyValue("id", id)
                    .addKeyValue("reason", answer.reason())
                    .log("Hand-over failed, its partition waits");
        }
        return answer.kind() != Bot.Kind.FAILED;
    }

    private void waitBefore(TopicPartition partition, long offset) {
        failing.compute(partition, (ignored, last) -> Failure.after(last));
        consumer.seek(partition, offset);
        consumer.pause(List.of(partition));
    }

    private void resumeWhatWaitedLongEnough() {
        failing.forEach((partition, failure) -> {
            if (failure.isOver()) {
                consumer.resume(List.of(partition));
            }
        });
    }

    /** Returns when the dead letter is stored, so that the command can be committed. */
    private void putAside(ConsumerRecord<String, byte[]> command, String reason) throws InterruptedException {
        Headers headers = new RecordHeaders(command.headers().toArray());
        add(headers, REASON_HEADER, reason);
        add(headers, "bot-topic", command.topic());
        add(headers, "bot-partition", String.valueOf(command.partition()));
        add(headers, "bot-offset", String.valueOf(command.offset()));
        try {
            producer.send(new ProducerRecord<>(deadLetters, null, command.key(), command.value(), headers))
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicAuthorizationException refused) {
                throw refused;
            }
            throw new KafkaException("A dead letter could not be written to " + deadLetters, e.getCause());
        }
        LOG.atWarn()
                .addKeyValue("partition", command.partition())
                .addKeyValue("offset", command.offset())
                .addKeyValue("reason", reason)
                .log("Command put aside");
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String header(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Forgets the failures of partitions that another instance has now. */
    private final class RevokedPartitions implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            failing.keySet().removeAll(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    }
}
