package io.handover.history;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.reference.Arrival;
import io.handover.schema.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker with the topics of the product, to publish to and to look into. */
public final class TestCluster implements AutoCloseable {

    static final int PARTITIONS = 4;

    private final EmbeddedKafka kafka;
    private final Admin admin;

    private TestCluster(EmbeddedKafka kafka) {
        this.kafka = kafka;
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    public static TestCluster start(Path folder, String... moreTopics) throws ExecutionException, InterruptedException {
        TestCluster cluster = new TestCluster(EmbeddedKafka.start(folder, 0));
        List<NewTopic> topics = Stream.concat(
                        Stream.of(Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS), Stream.of(moreTopics))
                .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                .toList();
        cluster.admin.createTopics(topics).all().get();
        return cluster;
    }

    public Admin admin() {
        return admin;
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Publishes as the bridge does, with the time of each arrival. */
    public void publish(List<Arrival> arrivals) throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                // With several batches in flight, a new partition can refuse the first and accept the second.
                Map.of("bootstrap.servers", bootstrapServers(), "max.in.flight.requests.per.connection", "1"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (Arrival arrival : arrivals) {
                sent.add(producer.send(new ProducerRecord<>(
                        Topics.EVENTS, null, arrival.at(), arrival.event().conversationId(), arrival.envelope())));
            }
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
        }
    }

    /** Returns offsets of the log per partition. */
    public Map<Integer, Long> offsets(OffsetSpec which) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            asked.put(new TopicPartition(Topics.EVENTS, partition), which);
        }
        Map<Integer, Long> offsets = new TreeMap<>();
        admin.listOffsets(asked)
                .all()
                .get()
                .forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
        return offsets;
    }

    /** Returns the committed offsets of the application in the log per partition. */
    public Map<Integer, Long> committed(String application) throws ExecutionException, InterruptedException {
        Map<Integer, Long> offsets = new TreeMap<>();
        admin.listConsumerGroupOffsets(application)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
        return offsets;
    }

    /** Returns whether the application has committed the end of the log. */
    public boolean isReadBy(String application) throws ExecutionException, InterruptedException {
        return committed(application).equals(offsets(OffsetSpec.latest()));
    }

    /** Returns the commands per conversation, in their order. */
    public Map<String, List<ConsumerRecord<String, byte[]>>> commands() {
        Map<String, List<ConsumerRecord<String, byte[]>>> commands = new TreeMap<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.COMMANDS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    commands.computeIfAbsent(record.key(), key -> new ArrayList<>())
                            .add(record);
                }
            }
        }
        return commands;
    }

    @Override
    public void close() {
        admin.close();
        kafka.close();
    }
}
