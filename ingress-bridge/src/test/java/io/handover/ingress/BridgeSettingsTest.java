package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.UnknownKafkaSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeSettingsTest {

    private static final String SECRET = "correct-horse-battery-staple";

    @Test
    void shouldReadTheVariablesOfThePreviousProduct() {
        // Given
        Map<String, String> environment = Map.of(
                "HANDOVER_KAFKA_BOOTSTRAP_SERVERS", "broker:9092",
                "GENESYS_EVENTBRIDGE_HANDOVER_API_KEY", SECRET,
                "SKIP_GENESYS_EVENTBRIDGE_ORGANIZATION_ID_CHECK", "true",
                "FEATURE_USE_GENESYS_OM_HTTP_END_HANDOVER_REQUEST", "false");

        // When
        BridgeSettings settings = BridgeSettings.of(IngressBridge.settings().load(null, environment, Map.of()));

        // Then
        assertThat(settings.authentication().secrets()).containsExactly(new Password(SECRET));
        assertThat(settings.policy().checkOrganization()).isFalse();
        assertThat(settings.endpointEnabled()).isFalse();
    }

    @Test
    void shouldWarnOfKafkaSettingsThatNoClientHas() {
        try (LogCapture log = new LogCapture(UnknownKafkaSettings.class)) {
            // Given
            Settings loaded = load(
                    Map.of("kafka.linger.msec", "5", "kafka.compression.type", "lz4", "kafka.plugin.of.mine", "1"));

            // When
            UnknownKafkaSettings.warn(loaded, KafkaSettings.names());

            // Then
            assertThat(log.values("name")).containsExactly("kafka.linger.msec", "kafka.plugin.of.mine");
            assertThat(log.values("nearest")).containsExactly("kafka.linger.ms");
        }
    }

    @Test
    void shouldAcceptSeveralOrganizations() {
        // Given
        Settings loaded = load(Map.of("organization.id", "one, two"));

        // When
        BridgeSettings settings = BridgeSettings.of(loaded);

        // Then
        assertThat(settings.policy().organizationIds()).containsExactlyInAnyOrder("one", "two");
        assertThat(settings.policy().checkOrganization()).isTrue();
    }

    @Test
    void shouldRequireAnOrganizationOrTheSkip() {
        // Given
        Settings loaded = load(Map.of("organization.id", ""));

        // When / Then
        assertThatThrownBy(() -> BridgeSettings.of(loaded))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Neither organization.id nor organization.check.skip is set."
                        + " Set one of them to choose whose events are accepted.");
    }

    @Test
    void shouldRequireAKey() {
        // Given
        Settings loaded = load(Map.of("api.key", " "));

        // When / Then
        assertThatThrownBy(() -> BridgeSettings.of(loaded))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("api.key", "HANDOVER_API_KEY", "GENESYS_EVENTBRIDGE_HANDOVER_API_KEY");
    }

    @Test
    void shouldRejectAKeyThatNoHeaderCanContain() {
        // Given
        // When / Then
        assertThatThrownBy(() -> load(Map.of("api.key", "schlüssel")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("api.key")
                .hasMessageNotContaining("schlüssel");
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                argumentSet("a key and a file", Map.of("api.key.file", "keys"), "Both api.key.file and api.key"),
                argumentSet(
                        "no secret to sign with",
                        Map.of("authentication", "hmac-sha256"),
                        "Neither hmac.secret nor hmac.secret.file is set"),
                argumentSet(
                        "half of TLS",
                        Map.of("tls.certificate.file", "server.pem"),
                        "Only one of tls.certificate.file and tls.key.file is set"),
                argumentSet(
                        "less memory than a body",
                        Map.of("requests.in.flight.max.bytes", "1000"),
                        "requests.in.flight.max.bytes (1000) is less than body.max.bytes (1048576)"));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void shouldRejectContradictorySettings(Map<String, String> more, String sentence) {
        // Given
        Settings loaded = load(more);

        // When / Then
        assertThatThrownBy(() -> BridgeSettings.of(loaded))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(sentence);
    }

    @ParameterizedTest
    @CsvSource({"api.key.header, X Key", "hmac.header, 'X:'", "hmac.encoding, base32", "authentication, basic"})
    void shouldRejectAnInvalidValue(String key, String value) {
        // Given
        // When / Then
        assertThatThrownBy(() -> load(Map.of(key, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key);
    }

    @Test
    void shouldRejectATimeoutBeyondThatOfTheSender() {
        // Given
        // When / Then
        assertThatThrownBy(() -> load(Map.of("answer.timeout.ms", "4401")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("answer.timeout.ms");
    }

    @Test
    void shouldNotShowTheKeyAsText() {
        // Given
        Settings loaded = load(Map.of("api.key", SECRET, "api.key.previous", SECRET));

        // When
        String text = loaded + " " + BridgeSettings.of(loaded);

        // Then
        assertThat(text).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.acks, 1",
        "kafka.enable.idempotence, false",
        "kafka.max.block.ms, 1000",
        "kafka.delivery.timeout.ms, 4401",
        "kafka.delivery.timeout.ms, soon",
        "kafka.transactional.id, mine",
        "kafka.partitioner.ignore.keys, true",
        "kafka.partitioner.class, org.apache.kafka.clients.producer.RoundRobinPartitioner"
    })
    void shouldRejectAClientSettingThatBreaksTheContract(String key, String value) {
        // Given
        Settings loaded = load(Map.of(key, value));

        // When / Then
        assertThatThrownBy(() -> IngressBridge.start(loaded))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "-1"})
    void shouldAcceptAClientSettingThatKeepsTheContract(String acks) {
        // Given
        Settings loaded = load(Map.of("kafka.acks", acks, "kafka.delivery.timeout.ms", "3000"));

        // When
        Map<String, Object> producer = KafkaSettings.producer(loaded, 1024);

        // Then
        assertThat(producer)
                .containsEntry("acks", acks)
                .containsEntry("delivery.timeout.ms", "3000")
                .containsEntry("bootstrap.servers", "broker:9092");
    }

    @Test
    void shouldDescribeEverySettingOnce() {
        // Given
        // When
        String table = IngressBridge.settings().markdownTable();

        // Then
        assertThat(table)
                .containsOnlyOnce("| `http.port` | `HANDOVER_HTTP_PORT` | int | `8080` | [0,...,65535] |")
                .containsOnlyOnce(
                        "| `api.key` | `HANDOVER_API_KEY`, `GENESYS_EVENTBRIDGE_HANDOVER_API_KEY` | password |" + "  |")
                .hasLineCount(2 + 39);
    }

    @Test
    void shouldReportWhatTheKafkaClientRejects() {
        // Given
        Settings loaded = load(Map.of("kafka.bootstrap.servers", "no-port"));

        // When / Then
        assertThatThrownBy(() -> IngressBridge.start(loaded))
                .isInstanceOf(SettingsException.class)
                .hasMessage("The Kafka client rejected its settings: Invalid url in bootstrap.servers: no-port");
    }

    private static Settings load(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "kafka.bootstrap.servers", "broker:9092", "api.key", "k", "organization.id", "o", "http.port", "0"));
        values.putAll(more);
        return IngressBridge.settings().load(null, Map.of(), values);
    }
}
