package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.schema.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.MockAdminClient;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaCheckTest {

    private static final Node BROKER = new Node(0, "broker", 9092);

    /** A missing leader as the client represents it, with an id that the fake admin client accepts. */
    private static final Node NOBODY = new Node(1, "", -1);

    private final MockAdminClient admin = new MockAdminClient(List.of(BROKER, NOBODY), BROKER);

    @Test
    void shouldBeReadyWhenTheTopicsHaveLeaders() {
        // Given
        addTopic(Topics.EVENTS, BROKER);
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check = start(() -> false)) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
        }
    }

    @Test
    void shouldNameAMissingTopic() {
        // Given
        addTopic(Topics.EVENTS, BROKER);

        // When
        try (KafkaCheck check = start(() -> false)) {

            // Then
            await().untilAsserted(() ->
                    assertThat(check.notReady().orElse("")).startsWith("Topic handover-dead-letters does not exist"));
        }
    }

    @Test
    void shouldCreateAMissingTopic() {
        // Given
        addTopic(Topics.EVENTS, BROKER);

        // When
        try (KafkaCheck check = start(() -> created(Topics.DEAD_LETTERS))) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
        }
    }

    @Test
    void shouldWaitForATopicThatTheBrokersDoNotDescribeYet() {
        // Given
        addTopic(Topics.EVENTS, BROKER);
        AtomicInteger checks = new AtomicInteger();
        BooleanSupplier slow = () -> checks.incrementAndGet() < 6 || created(Topics.DEAD_LETTERS);

        // When
        try (KafkaCheck check = start(slow)) {

            // Then
            assertThatCode(() -> check.awaitFirst(Duration.ofSeconds(10))).doesNotThrowAnyException();
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
            assertThat(checks).hasValue(6);
        }
    }

    @Test
    void shouldReportWhyTheTopicCannotBeCreated() {
        // Given
        BooleanSupplier rejected = () -> {
            throw new StartException("Kafka did not create the topic handover-events: No.", new Exception());
        };

        // When
        try (KafkaCheck check = start(rejected)) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady().orElse(""))
                    .startsWith("Topic handover-events does not exist")
                    .endsWith("Kafka did not create the topic handover-events: No."));
        }
    }

    @Test
    void shouldBecomeReadyWhenTheTopicIsCreated() {
        // Given
        addTopic(Topics.EVENTS, BROKER);
        try (KafkaCheck check = start(() -> false)) {
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
        try (KafkaCheck check = start(() -> false)) {

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
        try (KafkaCheck check = start(() -> false)) {

            // Then
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            check.bindTo(registry);
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
            assertThat(registry.get("handover.kafka.up").gauge().value()).isEqualTo(1);
            assertThat(unusable(registry, "events")).isEqualTo(1);
            assertThat(unusable(registry, "dead-letters")).isZero();
        }
    }

    @Test
    void shouldReportMissingReplicas() {
        // Given
        admin.addTopic(
                false,
                Topics.EVENTS,
                List.of(new TopicPartitionInfo(0, BROKER, List.of(BROKER, NOBODY), List.of(BROKER))),
                Map.of(
                        "min.insync.replicas",
                        "2",
                        "cleanup.policy",
                        "delete",
                        "message.timestamp.type",
                        "LogAppendTime"));
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check = start(() -> false)) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady())
                    .contains("Partition 0 of topic handover-events has 1 in-sync replicas but needs 2."));
        }
    }

    @Test
    void shouldReportWhyTheProcessIsNotReady() {
        // Given
        AtomicReference<@Nullable String> reason = new AtomicReference<>("The producer has no metadata yet.");
        addTopic(Topics.EVENTS, BROKER);
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check =
                KafkaCheck.start("check", admin, bridge(), () -> false, (errors, partitions) -> reason.get())) {

            // Then
            await().untilAsserted(() -> assertThat(check.notReady()).contains("The producer has no metadata yet."));
            reason.set(null);
            await().untilAsserted(() -> assertThat(check.notReady()).isEmpty());
        }
    }

    @Test
    void shouldFailTheStartWithEachProblemThatAnOperatorMustMend() {
        // Given
        addTopic(Topics.EVENTS, Map.of("cleanup.policy", "compact", "message.timestamp.type", "CreateTime"));
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check = start(() -> false)) {

            // Then
            assertThatThrownBy(() -> check.awaitFirst(Duration.ofSeconds(10)))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("cleanup.policy=compact")
                    .hasMessageContaining("message.timestamp.type=CreateTime");
        }
    }

    @Test
    void shouldStartTheBridgeWithoutATopic() {
        // Given
        addTopic(Topics.EVENTS, BROKER);

        // When
        try (KafkaCheck check = start(() -> false)) {

            // Then
            assertThatCode(() -> check.awaitFirst(Duration.ofSeconds(10))).doesNotThrowAnyException();
            assertThat(check.notReady()).isNotEmpty();
        }
    }

    @Test
    void shouldNotStartTheAppWithoutATopic() {
        // Given
        addTopic(Topics.EVENTS, BROKER);
        addTopic(Topics.DEAD_LETTERS, BROKER);

        // When
        try (KafkaCheck check = KafkaCheck.start("check", admin, app(), () -> false, (errors, partitions) -> null)) {

            // Then
            assertThatThrownBy(() -> check.awaitFirst(Duration.ofSeconds(10)))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("Topic handover-commands does not exist");
        }
    }

    private static double unusable(SimpleMeterRegistry registry, String topic) {
        return registry.get("handover.topic.partitions.unusable")
                .tag("topic", topic)
                .gauge()
                .value();
    }

    private KafkaCheck start(BooleanSupplier createTopics) {
        return KafkaCheck.start("check", admin, bridge(), createTopics, (errors, partitions) -> null);
    }

    private static ClusterNeeds bridge() {
        return ClusterNeeds.ofBridge(ClusterNeedsTest.settings(Map.of()), 1);
    }

    private static ClusterNeeds app() {
        return ClusterNeeds.ofApp(ClusterNeedsTest.settings(Map.of()));
    }

    private void addTopic(String topic, Map<String, String> config) {
        admin.addTopic(
                false, topic, List.of(new TopicPartitionInfo(0, BROKER, List.of(BROKER), List.of(BROKER))), config);
    }

    private boolean created(String topic) {
        addTopic(topic, BROKER);
        return true;
    }

    private void addTopic(String topic, Node leader) {
        admin.addTopic(
                false, topic, List.of(new TopicPartitionInfo(0, leader, List.of(BROKER), List.of(BROKER))), Map.of());
    }
}
