package io.handover.history.repartition;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.ingress.IngressBridge;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverSerdes;
import io.handover.streams.StreamsApp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/**
 * An installation on a broker that others use too: its names begin with a prefix.
 *
 * @param folder the parent of the folders with local state
 */
record Installation(EmbeddedKafka kafka, Admin admin, String prefix, Path folder) {

    static final String API_KEY = "integration-test-key";
    static final int PARTITIONS = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Settings for conversations that last a few seconds. */
    static final Map<String, String> DECIDING = Map.of(
            "transfer.timeout.ms", "4000",
            "after.call.work.timeout.ms", "5000",
            "out.of.order.grace.ms", "500");

    String events() {
        return prefix + "-events";
    }

    String commands() {
        return prefix + "-commands";
    }

    String deadLetters() {
        return prefix + "-dead-letters";
    }

    void createTopics() throws Exception {
        admin.createTopics(List.of(
                        new NewTopic(events(), PARTITIONS, (short) 1)
                                .configs(
                                        Map.of("message.timestamp.type", "LogAppendTime", "retention.ms", "604800000")),
                        new NewTopic(commands(), PARTITIONS, (short) 1),
                        new NewTopic(deadLetters(), PARTITIONS, (short) 1)
                                .configs(Map.of("max.message.bytes", "2097152"))))
                .all()
                .get();
    }

    private Map<String, String> settings(String applicationId, String events) {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.put("management.port", "0");
        settings.put("application.id", applicationId);
        settings.put("topic.events", events);
        settings.put("topic.commands", commands());
        settings.put("topic.dead.letters", deadLetters());
        return settings;
    }

    StreamsApp startApp(String applicationId, String events, Consumer<Throwable> fatal) {
        Map<String, String> settings = settings(applicationId, events);
        settings.putAll(DECIDING);
        settings.put("state.dir", folder.resolve("state").toString());
        StreamsApp app = StreamsApp.start(StreamsApp.settings().load(null, Map.of(), settings), fatal);
        Awaitility.await().atMost(PATIENCE).until(app::ready);
        return app;
    }

    IngressBridge startBridge(String applicationId, String events) {
        Map<String, String> settings = settings(applicationId, events);
        settings.put("http.port", "0");
        settings.put("api.key", API_KEY);
        settings.put("organization.check.skip", "true");
        IngressBridge bridge = IngressBridge.start(IngressBridge.settings().load(null, Map.of(), settings));
        Awaitility.await().atMost(PATIENCE).until(bridge::ready);
        return bridge;
    }

    /** Returns how many records of a topic, without clock ticks, an application has not decided. */
    long undecided(String applicationId, String events) throws Exception {
        Map<TopicPartition, Long> committed = new HashMap<>();
        admin.listConsumerGroupOffsets(applicationId)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return records(events).stream()
                .filter(record -> OldLog.key(record) != null)
                .filter(record ->
                        record.offset() >= committed.getOrDefault(new TopicPartition(events, record.partition()), 0L))
                .count();
    }

    /** Returns the commands so far. */
    List<HandoverCommand> sent() {
        return records(commands()).stream()
                .map(record -> HandoverSerdes.commands().deserializer().deserialize(commands(), record.value()))
                .toList();
    }

    /** Returns the committed records of a topic; each partition in its order. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Returns the last header of that name as text; empty if there is none. */
    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
