package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.StreamsAppSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamsPropertiesTest {

    @Test
    void shouldMeanTheDefaultPolicyWhenNothingIsSet() {
        // When
        Settings settings = load(Map.of());
        // Then
        assertThat(StreamsAppSettings.policy(settings)).isEqualTo(TransferPolicy.DEFAULT);
        assertThat(StreamsAppSettings.customerAddress(settings)).isEqualTo(CustomerAddress.DEFAULT);
    }

    @Test
    void shouldReadTheTransferTimeoutFromTheVariableThatCognigyNames() {
        // When
        Settings settings = StreamsApp.settings()
                .load(
                        null,
                        Map.of(
                                "GENESYS_OM_HANDOVER_ACW_AFTER_TRANSFER_TIMEOUT_IN_MS", "2500",
                                "HANDOVER_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"),
                        Map.of());
        // Then
        assertThat(StreamsAppSettings.policy(settings).transferTimeoutMs()).isEqualTo(2_500);
    }

    @Test
    void shouldEndByTheCustomerAloneIfConfigured() {
        // When
        TransferPolicy policy = StreamsAppSettings.policy(load(Map.of("end.evidence", "customer-end")));
        // Then
        assertThat(policy.customerEndEnds()).isTrue();
        assertThat(policy.agentsEnd()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "transfer.timeout.ms, soon",
        "transfer.timeout.ms, -1",
        "end.evidence, hearsay",
        "end.evidence, ','",
        "agent.announce.on, christmas",
        "threads, 0",
        "agent.events.user.id, subject"
    })
    void shouldNameTheKeyOfAWrongValue(String key, String value) {
        // When / Then
        assertThatThrownBy(() -> load(Map.of(key, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key);
    }

    @Test
    void shouldNameBothKeysWhereARetentionIsShorterThanAHold() {
        // When / Then
        assertThatThrownBy(() -> StreamsAppSettings.policy(load(Map.of("conversation.retention.ms", "60000"))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("conversation.retention.ms")
                .hasMessageContaining("after.call.work.timeout.ms");
    }

    @Test
    void shouldPassKafkaSettingsThrough() {
        // When
        Settings settings = load(Map.of(
                "kafka.security.protocol", "SASL_SSL",
                "kafka.commit.interval.ms", "500",
                "kafka.batch.size", "1000",
                "kafka.producer.compression.type", "zstd"));
        // Then
        assertThat(StreamsProperties.of(settings))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("commit.interval.ms", "500")
                .containsEntry("batch.size", "1000")
                .containsEntry("producer.compression.type", "zstd")
                .containsEntry("poll.ms", "10")
                .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.processing.guarantee, at_least_once",
        "kafka.errors.dead.letter.queue.topic.name, elsewhere",
        "kafka.production.exception.handler, org.example.Handler",
        "kafka.processing.exception.handler, org.example.Handler",
        "kafka.application.id, other"
    })
    void shouldRejectAKafkaSettingOfAFixedProperty(String key, String value) {
        // When / Then
        assertThatThrownBy(() -> StreamsProperties.of(load(Map.of(key, value))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "num.standby.replicas",
                "session.timeout.ms",
                "main.consumer.max.poll.records",
                "restore.consumer.fetch.max.bytes",
                "producer.transaction.timeout.ms",
                "admin.retries",
                "topic.segment.bytes"
            })
    void shouldKnowTheSettingsOfKafkaStreamsAndItsClients(String name) {
        // When / Then
        assertThat(StreamsProperties.names()).contains(name).doesNotContain(name + ".other");
    }

    private static Settings load(Map<String, String> values) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.put("kafka.bootstrap.servers", "kafka:9092");
        return StreamsApp.settings().load(null, Map.of(), all);
    }
}
