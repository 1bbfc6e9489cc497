package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.handover.genesys.GenesysCredentials;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.UnknownKafkaSettings;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
                        "Genesys without a region",
                        Map.of("genesys.client.id", "id", "genesys.client.secret", SECRET),
                        "The agent directory needs genesys.region"),
                argumentSet(
                        "Genesys without a client",
                        Map.of("genesys.region", "eu-central-1"),
                        "The agent directory needs genesys.client.id"),
                argumentSet(
                        "Genesys without a secret",
                        Map.of("genesys.region", "eu-central-1", "genesys.client.id", "id"),
                        "The agent directory needs genesys.client.secret or genesys.client.secret.file"),
                argumentSet(
                        "only a proxy to Genesys",
                        Map.of("genesys.proxy.url", "http://proxy:3128"),
                        "The agent directory needs genesys.region"),
                argumentSet(
                        "a secret of Genesys and a file",
                        genesys(Map.of("genesys.client.secret.file", "secret")),
                        "Both genesys.client.secret and genesys.client.secret.file"),
                argumentSet(
                        "a proxy without a port",
                        genesys(Map.of("genesys.proxy.url", "http://user:" + SECRET + "@proxy")),
                        "genesys.proxy.url must be http://host:port"),
                argumentSet(
                        "a trust store that is not there",
                        genesys(Map.of("genesys.trust.store.file", "missing.pem")),
                        "genesys.trust.store.file: missing.pem cannot be read"),
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
                .hasMessageStartingWith(sentence)
                .hasMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "api.key.header, X Key",
        "hmac.header, 'X:'",
        "hmac.encoding, base32",
        "authentication, basic",
        "genesys.region, mars-1",
        "genesys.region, http://genesys.example",
        "genesys.requests.per.minute, 0",
        "agent.lookup.max.age.ms, -1",
        "agent.image.size, 0"
    })
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
        Settings loaded = load(genesys(Map.of(
                "api.key",
                SECRET,
                "api.key.previous",
                SECRET,
                "genesys.proxy.url",
                "http://me:" + SECRET + "@proxy:1")));

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

    @Test
    void shouldHaveNoDirectoryWithoutGenesys() {
        // Given
        Settings loaded = load(Map.of());

        // When / Then
        assertThat(BridgeSettings.of(loaded).directory()).isNull();
        assertThat(IngressBridge.directoryNeeds(loaded)).isEmpty();
    }

    @Test
    void shouldReadTheSettingsOfTheDirectory() {
        // Given
        Settings loaded = load(genesys(Map.of("genesys.proxy.url", "http://me:pw@proxy:3128")));

        // When
        DirectorySettings directory =
                Objects.requireNonNull(BridgeSettings.of(loaded).directory());

        // Then
        assertThat(directory.connection().region().api()).isEqualTo(URI.create("https://api.mypurecloud.de"));
        assertThat(directory.connection().proxy()).isEqualTo(URI.create("http://me:pw@proxy:3128"));
        assertThat(directory.connection().trusted()).isNull();
        assertThat(directory.connection().requestsPerMinute()).isEqualTo(150);
        assertThat(directory.lookupMaxAge()).isEqualTo(Duration.ofMinutes(5));
        assertThat(directory.imageSize()).isEqualTo(96);
        assertThat(IngressBridge.directoryNeeds(loaded)).isPresent();
    }

    @Test
    void shouldTrustTheCertificatesInAFile(@TempDir Path folder) throws Exception {
        // Given
        Pem one = Pem.make(folder, "RSA");
        Pem other = Pem.make(folder, "EC");
        Path file =
                Files.writeString(folder.resolve("trusted.pem"), "One:\n" + one.chain() + "Other:\n" + other.chain());
        Settings loaded = load(genesys(Map.of("genesys.trust.store.file", file.toString())));

        // When
        DirectorySettings directory =
                Objects.requireNonNull(BridgeSettings.of(loaded).directory());

        // Then
        KeyStore trusted = Objects.requireNonNull(directory.connection().trusted());
        assertThat(trusted.size()).isEqualTo(2);
        assertThat(trusted.getCertificateAlias(one.certificate())).isNotNull();
        assertThat(trusted.getCertificateAlias(other.certificate())).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no certificate"})
    void shouldRejectATrustStoreWithoutACertificate(String content, @TempDir Path folder) throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("trusted.pem"), content);
        Settings loaded = load(genesys(Map.of("genesys.trust.store.file", file.toString())));

        // When / Then
        assertThatThrownBy(() -> BridgeSettings.of(loaded))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("genesys.trust.store.file: " + file);
    }

    @Test
    void shouldReloadTheSecretOfGenesys(@TempDir Path folder) throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("secret"), "old-secret\n");
        Settings loaded =
                load(genesys(Map.of("genesys.client.secret", "", "genesys.client.secret.file", file.toString())));
        DirectorySettings directory =
                Objects.requireNonNull(BridgeSettings.of(loaded).directory());
        Vertx vertx = Vertx.vertx();
        try {
            Supplier<GenesysCredentials> credentials = directory.credentials(vertx);
            GenesysCredentials before = credentials.get();

            // When
            Files.writeString(file, " new-secret");

            // Then
            assertThat(before).isEqualTo(new GenesysCredentials("id", "old-secret"));
            await().until(() -> credentials.get().equals(new GenesysCredentials("id", "new-secret")));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.group.id, mine",
        "kafka.isolation.level, read_uncommitted",
        "kafka.enable.auto.commit, true",
        "kafka.auto.offset.reset, latest",
        "kafka.allow.auto.create.topics, true"
    })
    void shouldRejectAClientSettingThatLosesLookups(String key, String value) {
        // Given
        Settings loaded = load(Map.of(key, value));

        // When / Then
        assertThatThrownBy(() -> KafkaSettings.lookupConsumer(loaded))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(key + " cannot be set: for the agent directory it is always ");
    }

    @Test
    void shouldConsumeLookupsInAGroupOfItsOwn() {
        // Given
        Settings loaded = load(Map.of(
                "application.id",
                "stage",
                "kafka.session.timeout.ms",
                "6000",
                "kafka.isolation.level",
                "read_committed"));

        // When
        Map<String, Object> consumer = KafkaSettings.lookupConsumer(loaded);

        // Then
        assertThat(consumer)
                .containsEntry("group.id", "stage-agent-directory")
                .containsEntry("session.timeout.ms", "6000")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("auto.offset.reset", "earliest");
        assertThat(KafkaSettings.profileProducer(loaded, 1024))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", "true");
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
                .hasLineCount(2 + 50);
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

    /** The settings of an agent directory, and more. */
    private static Map<String, String> genesys(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(
                Map.of("genesys.region", "mypurecloud.de", "genesys.client.id", "id", "genesys.client.secret", SECRET));
        values.putAll(more);
        return values;
    }

    private static Settings load(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "kafka.bootstrap.servers", "broker:9092", "api.key", "k", "organization.id", "o", "http.port", "0"));
        values.putAll(more);
        return IngressBridge.settings().load(null, Map.of(), values);
    }
}
