package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.schema.Topics;
import io.handover.service.StartException;
import io.handover.service.TopicNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.MockAdminClient;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaCheckTest {

    private static final Node BROKER = new Node(0, "broker", 9092);

    /** A missing leader as the client represents it, with an id that the fake admin client accepts. */
    private static final Node NOBODY = new Node(1, "", -1);

    private final MockAdminClient admin = new MockAdminClient(List.of(BROKER, NOBODY), BROKER);
    private volatile boolean producerHasMetadata = true;
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
                @Override
                public synchronized List<PartitionInfo> partitionsFor(String topic) {
                    if (!producerHasMetadata) {
                        throw new TimeoutException("Topic " + topic + " not present in metadata after 0 ms.");
                    }
                    return super.partitionsFor(topic);
                }
            };

    private final DeliveryMetrics metrics = new DeliveryMetrics();
    private final DeliveryProducer deliveryProducer = new DeliveryProducer(() -> producer, TopicNames.DEFAULT, metrics);

    @Test
    void shouldBeReadyWhenTheTopicsHaveLeaders() {
        // Given
        addTopic(Topics.EVENTS, BROKER);
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check = KafkaCheck.start(admin, deliveryProducer, () -> {})) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
        }
    }

    @Test
    void shouldNameAMissingTopic() {
        // Given
        addTopic(Topics.EVENTS, BROKER);

        // When
        try (KafkaCheck check = KafkaCheck.start(admin, deliveryProducer, () -> {})) {

            // Then
            await().untilAsserted(
                            () -> assertThat(check.notReady()).contains("Topic handover-dead-letters does not exist."));
        }
    }

    @Test
    void shouldCreateAMissingTopic() {
        // Given
        addTopic(Topics.EVENTS, BROKER);

        // When
        try (KafkaCheck check =
                KafkaCheck.start(admin, deliveryProducer, () -> addTopic(Topics.DEAD_LETTERS, BROKER))) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
        }
    }

    @Test
    void shouldReportWhyTheTopicCannotBeCreated() {
        // Given
        Runnable rejected = () -> {
            throw new StartException("Kafka did not create the topic handover-events: No.", new Exception());
        };

        // When
        try (KafkaCheck check = KafkaCheck.start(admin, deliveryProducer, rejected)) {

            // Then
            await().untilAsserted(() ->
                    assertThat(check.notReady()).contains("Kafka did not create the topic handover-events: No."));
        }
    }

    @Test
    void shouldBecomeReadyWhenTheTopicIsCreated() {
        // Given
        addTopic(Topics.EVENTS, BROKER);
        try (KafkaCheck check = KafkaCheck.start(admin, deliveryProducer, () -> {})) {
            await().until(() -> check.notReady().isPresent());

            // When
            addTopic(Topics.DEAD_LETTERS, BROKER);

            // Then
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
        }
    }

    @Test
    void shouldNameThePartitionWithoutALeader() {
        // Given
        addTopic(Topics.EVENTS, NOBODY);
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check = KafkaCheck.start(admin, deliveryProducer, () -> {})) {

            // Then
            await().untilAsserted(() ->
                    assertThat(check.notReady()).contains("Partition 0 of topic handover-events has no leader."));
        }
    }

    @Test
    void shouldBeReadyWhileOnePartitionIs() {
        // Given
        admin.addTopic(
                false,
                Topics.EVENTS,
                List.of(
                        new TopicPartitionInfo(0, NOBODY, List.of(BROKER), List.of(BROKER)),
                        new TopicPartitionInfo(1, BROKER, List.of(BROKER), List.of(BROKER))),
                Map.of());
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check = KafkaCheck.start(admin, deliveryProducer, () -> {})) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
        }
    }

    @Test
    void shouldReportMissingReplicas() {
        // Given
        admin.addTopic(
                false,
                Topics.EVENTS,
                List.of(new TopicPartitionInfo(0, BROKER, List.of(BROKER, NOBODY), List.of(BROKER))),
                Map.of("min.insync.replicas", "2"));
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check = KafkaCheck.start(admin, deliveryProducer, () -> {})) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady())
                    .contains("Partition 0 of topic handover-events has 1 in-sync replicas but needs 2."));
        }
    }

    @Test
    void shouldReplaceAProducerThatFailedPermanently() {
        // Given
        addTopic(Topics.EVENTS, BROKER);
        addTopic(Topics.DEAD_LETTERS, BROKER);
        MockProducer<String, byte[]> fresh =
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
        Iterator<MockProducer<String, byte[]>> producers =
                List.of(producer, fresh).iterator();
        DeliveryProducer replaced = new DeliveryProducer(producers::next, TopicNames.DEFAULT, metrics);
        producer.sendException = new KafkaException("in an error state");
        List<DeliveryOutcome> outcomes = new ArrayList<>();
        replaced.store("key", new byte[0], Instant.EPOCH, (outcome, e) -> outcomes.add(outcome));

        // When
        try (KafkaCheck check = KafkaCheck.start(admin, replaced, () -> {})) {
            await().until(producer::closed);
            await().until(() -> check.notReady().isEmpty());
        }
        replaced.store("key", new byte[0], Instant.EPOCH, (outcome, e) -> outcomes.add(outcome));

        // Then
        assertThat(outcomes).containsExactly(DeliveryOutcome.KAFKA_REFUSED, DeliveryOutcome.STORED);
        assertThat(fresh.history()).hasSize(1);
    }

    @Test
    void shouldWaitForTheMetadataOfTheProducer() {
        // Given
        producerHasMetadata = false;
        addTopic(Topics.EVENTS, BROKER);
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check = KafkaCheck.start(admin, deliveryProducer, () -> {})) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady())
                    .contains("The producer has no metadata of topic handover-dead-letters yet."));
            producerHasMetadata = true;
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
        }
    }

    private void addTopic(String topic, Node leader) {
        admin.addTopic(
                false, topic, List.of(new TopicPartitionInfo(0, leader, List.of(BROKER), List.of(BROKER))), Map.of());
    }
}
