package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.schema.Topics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.admin.MockAdminClient;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicCreationTest {

    private static final Node BROKER = new Node(0, "broker", 9092);
    private static final short ONE = 1;
    private static final Set<String> ALL = Set.of(Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS);

    private final MockAdminClient admin = new MockAdminClient(List.of(BROKER), BROKER);

    @Test
    void shouldCreateTheNeededTopics() throws Exception {
        // Given
        // When
        TopicCreation.createMissing(admin, TopicNames.DEFAULT, ALL, 3, ONE);

        // Then
        assertThat(admin.listTopics().names().get())
                .containsExactlyInAnyOrder(Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS);
        assertThat(describe(Topics.COMMANDS).partitions()).hasSize(3);
    }

    @Test
    void shouldKeepEventsForAWeekAndAllowLargeOnes() throws Exception {
        // Given
        ConfigResource events = new ConfigResource(ConfigResource.Type.TOPIC, Topics.EVENTS);

        // When
        TopicCreation.createMissing(admin, TopicNames.DEFAULT, ALL, 1, ONE);

        // Then
        Config config = Objects.requireNonNull(
                        admin.describeConfigs(List.of(events)).values().get(events))
                .get();
        assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
        assertThat(config.get("retention.ms").value()).isEqualTo("604800000");
        assertThat(config.get("max.message.bytes").value()).isEqualTo("2097152");
    }

    @Test
    void shouldCreateTheLookupsOnlyIfTheyAreNeeded() throws Exception {
        // Given
        ConfigResource lookups = new ConfigResource(ConfigResource.Type.TOPIC, Topics.AGENT_LOOKUPS);

        // When
        TopicCreation.createMissing(admin, TopicNames.DEFAULT, Set.of(Topics.AGENT_LOOKUPS), 1, ONE);

        // Then
        assertThat(admin.listTopics().names().get()).containsExactly(Topics.AGENT_LOOKUPS);
        Config config = Objects.requireNonNull(
                        admin.describeConfigs(List.of(lookups)).values().get(lookups))
                .get();
        assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
        assertThat(config.get("retention.ms").value()).isEqualTo("86400000");
    }

    @ParameterizedTest
    @ValueSource(strings = {Topics.EVENTS, Topics.DEAD_LETTERS})
    void shouldLetTheBrokerDateWhatTheBridgeWrites(String name) throws Exception {
        // Given
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);

        // When
        TopicCreation.createMissing(admin, TopicNames.DEFAULT, ALL, 1, ONE);

        // Then
        Config config = Objects.requireNonNull(
                        admin.describeConfigs(List.of(topic)).values().get(topic))
                .get();
        assertThat(config.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
    }

    @Test
    void shouldNotChangeExistingTopics() throws Exception {
        // Given
        admin.addTopic(
                false, Topics.EVENTS, List.of(new TopicPartitionInfo(0, BROKER, List.of(BROKER), List.of())), Map.of());

        // When
        TopicCreation.createMissing(admin, TopicNames.DEFAULT, ALL, 3, ONE);

        // Then
        assertThat(describe(Topics.EVENTS).partitions()).hasSize(1);
        assertThat(describe(Topics.DEAD_LETTERS).partitions()).hasSize(3);
    }

    @Test
    void shouldIgnoreThatAnotherProcessCreatedTheTopics() {
        // Given
        MockAdminClient late = new MockAdminClient(List.of(BROKER), BROKER) {
            @Override
            public synchronized ListTopicsResult listTopics(ListTopicsOptions options) {
                return new MockAdminClient(List.of(BROKER), BROKER).listTopics(options);
            }
        };
        TopicCreation.createMissing(late, TopicNames.DEFAULT, ALL, 1, ONE);

        // When / Then
        assertThatCode(() -> TopicCreation.createMissing(late, TopicNames.DEFAULT, ALL, 1, ONE))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldReportWhatKafkaDidNotDo() {
        // Given
        // When / Then
        assertThatThrownBy(() -> TopicCreation.createMissing(admin, TopicNames.DEFAULT, ALL, 1, (short) 2))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("Kafka did not create the topic handover-");
    }

    @Test
    void shouldDoNothingUnlessAsked() {
        // Given
        Settings settings = new SettingsDefinition(SharedSettings.define(8081), Map.of())
                .load(null, Map.of(), Map.of("kafka.bootstrap.servers", "nobody.invalid:1"));

        // When / Then
        assertThatCode(() -> TopicCreation.createMissing(settings, ALL)).doesNotThrowAnyException();
    }

    private TopicDescription describe(String topic) throws ExecutionException, InterruptedException {
        return Objects.requireNonNull(
                        admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
                .get();
    }
}
