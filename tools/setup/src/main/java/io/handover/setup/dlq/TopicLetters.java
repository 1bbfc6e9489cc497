package io.handover.setup.dlq;

import io.handover.service.MissingRight;
import io.handover.terminal.CommandException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The records of {@code handover-dead-letters}. A log cannot forget a single record, so the offsets of a consumer group
 * say which letters are dealt with; the records stay until the retention of the topic is over.
 */
final class TopicLetters implements DeadLetters {

    private static final Duration POLL = Duration.ofSeconds(2);
    private static final int EMPTY_POLLS = 3;
    private static final int MAX_POLL = 100;
    private static final int API_TIMEOUT_MS = 20_000;

    private final String servers;
    private final String topic;
    private final String group;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private final Map<TopicPartition, OffsetAndMetadata> dealtWith = new HashMap<>();

    /**
     * Opens the topic after the letters that are dealt with.
     *
     * @param client the settings of the client
     * @param group the consumer group whose offsets are used
     */
    TopicLetters(Properties client, String topic, String group) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        this.servers = String.valueOf(client.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG));
        this.topic = topic;
        this.group = group;
        consumer =
                kafka(() -> new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        try {
            ends = kafka(this::assign);
        } catch (CommandException e) {
            consumer.close();
            throw e;
        }
    }

    private Map<TopicPartition, Long> assign() {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(one -> new TopicPartition(topic, one.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new CommandException("There is no topic " + topic + ". Name it with --topic.");
        }
        consumer.assign(partitions);
        return consumer.endOffsets(partitions);
    }

    private <R> R kafka(Supplier<R> call) {
        try {
            return call.get();
        } catch (TimeoutException e) {
            throw new CommandException(
                    "The topic " + topic + " cannot be read: Kafka does not answer. Check the address.", e);
        } catch (AuthorizationException e) {
            throw new CommandException(
                    MissingRight.in(e, group, AclOperation.READ)
                            .map(right -> right.sentence(servers))
                            .orElseGet(() -> "The topic " + topic + " cannot be read: " + e.getMessage()),
                    e);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandException("The topic " + topic + " cannot be read: " + cause.getMessage(), e);
        }
    }

    @Override
    public List<DeadLetter> next() {
        List<DeadLetter> letters = new ArrayList<>();
        for (int empty = 0; empty < EMPTY_POLLS && letters.isEmpty() && !isAtEnd(); empty++) {
            for (ConsumerRecord<byte[], byte[]> letter : kafka(() -> consumer.poll(POLL))) {
                letters.add(letter(letter));
            }
        }
        if (letters.isEmpty() && !isAtEnd()) {
            throw new CommandException("Kafka does not answer. Nothing was lost; run the same command again.");
        }
        return letters;
    }

    /** Letters that come while the command runs are left to the next run. */
    private boolean isAtEnd() {
        return ends.entrySet().stream().allMatch(end -> kafka(() -> consumer.position(end.getKey())) >= end.getValue());
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> found) {
        Map<String, String> headers = new TreeMap<>();
        String cause = "unreadable";
        for (Header header : found.headers()) {
            String value = header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
            headers.put(header.key(), value);
            if (header.key().equals("handover-reason") || header.key().endsWith("exception.message")) {
                cause = value;
            }
        }
        return new DeadLetter(
                found.partition() + "-" + found.offset(),
                found.value() == null ? new byte[0] : found.value(),
                cause,
                Instant.ofEpochMilli(found.timestamp()),
                headers);
    }

    @Override
    public void remove(DeadLetter letter) {
        String[] place = letter.id().split("-", 2);
        TopicPartition partition = new TopicPartition(topic, Integer.parseInt(place[0]));
        dealtWith.put(partition, new OffsetAndMetadata(Long.parseLong(place[1]) + 1));
        String unused = kafka(() -> {
            consumer.commitSync(Map.copyOf(dealtWith));
            return topic;
        });
    }

    /** The offsets pass it, so that it does not stop the letters behind it; it stays in the topic. */
    @Override
    public void keep(DeadLetter letter) {
        remove(letter);
    }

    @Override
    public String keptWhere() {
        return "in the topic until its retention is over; a resend with --again tries them once more";
    }

    /** Begins with the first record that the topic still has. */
    void again() {
        consumer.seekToBeginning(ends.keySet());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
