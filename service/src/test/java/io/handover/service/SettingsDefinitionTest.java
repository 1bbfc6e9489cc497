package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsDefinitionTest {

    private static final Map<String, String> BROKER = Map.of("HANDOVER_KAFKA_BOOTSTRAP_SERVERS", "broker:9092");
    private static final String SECRET = "correct-horse-battery-staple";

    private final SettingsDefinition definition = new SettingsDefinition(
            SharedSettings.define(8081)
                    .define("transfer.timeout.ms", ConfigDef.Type.INT, 10_000, ConfigDef.Importance.LOW, "Held for.")
                    .define(
                            "api.key",
                            ConfigDef.Type.PASSWORD,
                            null,
                            (key, value) -> {
                                if (value != null) {
                                    throw new ConfigException(key, value, "Too weak");
                                }
                            },
                            ConfigDef.Importance.LOW,
                            "A secret."),
            Map.of("transfer.timeout.ms", "GENESYS_TRANSFER_TIMEOUT"));

    @TempDir
    private Path directory;

    @Test
    void shouldUseTheDefaults() {
        // Given
        // When
        Settings settings = definition.load(null, BROKER, Map.of());

        // Then
        assertThat(settings.getInt("transfer.timeout.ms")).isEqualTo(10_000);
    }

    @Test
    void shouldReadTheFile() throws IOException {
        // Given
        Path file = file("transfer.timeout.ms = 20000\nkafka.bootstrap.servers=other:9092\n");

        // When
        Settings settings = definition.load(file, Map.of(), Map.of());

        // Then
        assertThat(settings.getInt("transfer.timeout.ms")).isEqualTo(20_000);
    }

    @Test
    void shouldPreferTheEnvironmentToTheFile() throws IOException {
        // Given
        Path file = file("transfer.timeout.ms=20000\n");

        // When
        Settings settings = definition.load(file, with("HANDOVER_TRANSFER_TIMEOUT_MS", "30000"), Map.of());

        // Then
        assertThat(settings.getInt("transfer.timeout.ms")).isEqualTo(30_000);
    }

    @Test
    void shouldReadTheAlias() {
        // Given
        // When
        Settings settings = definition.load(null, with("GENESYS_TRANSFER_TIMEOUT", "40000"), Map.of());

        // Then
        assertThat(settings.getInt("transfer.timeout.ms")).isEqualTo(40_000);
    }

    @Test
    void shouldReadTheAliasesOfTheSharedSettings() {
        // Given
        Map<String, String> environment = with("LOG_FORMAT", "json");
        environment.put("LOG_LEVEL", "debug");

        // When
        Settings settings = definition.load(null, environment, Map.of());

        // Then
        assertThat(settings.getString(SharedSettings.LOG_FORMAT_CONFIG)).isEqualTo("json");
        assertThat(settings.getString(SharedSettings.LOG_LEVEL_CONFIG)).isEqualTo("debug");
    }

    @Test
    void shouldPreferTheOwnNameToTheAlias() {
        // Given
        Map<String, String> environment = with("GENESYS_TRANSFER_TIMEOUT", "40000");
        environment.put("HANDOVER_TRANSFER_TIMEOUT_MS", "30000");

        // When
        Settings settings = definition.load(null, environment, Map.of());

        // Then
        assertThat(settings.getInt("transfer.timeout.ms")).isEqualTo(30_000);
    }

    @Test
    void shouldPreferAnOverrideToEverything() {
        // Given
        Map<String, String> environment = with("HANDOVER_TRANSFER_TIMEOUT_MS", "30000");

        // When
        Settings settings = definition.load(null, environment, Map.of("transfer.timeout.ms", "50000"));

        // Then
        assertThat(settings.getInt("transfer.timeout.ms")).isEqualTo(50_000);
    }

    @Test
    void shouldTreatABlankVariableAsNotSet() {
        // Given
        Map<String, String> environment = with("GENESYS_TRANSFER_TIMEOUT", "40000");
        environment.put("HANDOVER_TRANSFER_TIMEOUT_MS", "  ");

        // When
        Settings settings = definition.load(null, environment, Map.of());

        // Then
        assertThat(settings.getInt("transfer.timeout.ms")).isEqualTo(40_000);
    }

    @Test
    void shouldPassClientSettingsThrough() throws IOException {
        // Given
        Path file = file("kafka.security.protocol=SASL_SSL\n");

        // When
        Settings settings =
                definition.load(file, with("HANDOVER_KAFKA_SASL_JAAS_CONFIG", "Module required;"), Map.of());

        // Then
        assertThat(settings.kafka())
                .containsOnly(
                        Map.entry("bootstrap.servers", "broker:9092"),
                        Map.entry("security.protocol", "SASL_SSL"),
                        Map.entry("sasl.jaas.config", "Module required;"));
    }

    @Test
    void shouldIgnoreVariablesThatKubernetesCreates() {
        // Given
        Map<String, String> environment = with("HANDOVER_BRIDGE_SERVICE_HOST", "10.0.0.1");
        environment.put("HANDOVER_KAFKA_SERVICE_PORT_CLIENT", "9092");
        environment.put("HANDOVER_KAFKA_PORT_9092_TCP_ADDR", "10.0.0.2");
        environment.put("HANDOVER_MANAGEMENT_PORT", "tcp://10.0.0.3:80");

        // When
        Settings settings = definition.load(null, environment, Map.of());

        // Then
        assertThat(settings.kafka()).containsOnlyKeys("bootstrap.servers");
        assertThat(settings.getInt(SharedSettings.MANAGEMENT_PORT_CONFIG)).isEqualTo(8081);
    }

    @Test
    void shouldNameTheNearestKeyOfAnUnknownOne() throws IOException {
        // Given
        Path file = file("transfer.timout.ms=1\n");

        // When / Then
        assertThatThrownBy(() -> definition.load(file, BROKER, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "There is no setting transfer.timout.ms (in " + file + "); did you mean transfer.timeout.ms?");
    }

    @Test
    void shouldSuggestNothingForAKeyUnlikeAnyOther() {
        // Given
        Map<String, String> overrides = Map.of("colour", "blue");

        // When / Then
        assertThatThrownBy(() -> definition.load(null, BROKER, overrides))
                .isInstanceOf(SettingsException.class)
                .hasMessage("There is no setting colour (given).");
    }

    @Test
    void shouldNameTheKeyOfAWrongValue() {
        // Given
        Map<String, String> environment = with("HANDOVER_TRANSFER_TIMEOUT_MS", "soon");

        // When / Then
        assertThatThrownBy(() -> definition.load(null, environment, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Invalid value soon for configuration transfer.timeout.ms: Not a number of type INT");
    }

    @Test
    void shouldSayHowToGiveARequiredSetting() {
        // Given
        // When / Then
        assertThatThrownBy(() -> definition.load(null, Map.of(), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("The setting kafka.bootstrap.servers is required: give it in the settings file, or as"
                        + " HANDOVER_KAFKA_BOOTSTRAP_SERVERS in the environment.");
    }

    @Test
    void shouldSayThatTheFileDoesNotExist() {
        // Given
        Path missing = directory.resolve("missing.properties");

        // When / Then
        assertThatThrownBy(() -> definition.load(missing, BROKER, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("The settings file " + missing + " does not exist.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-2", "many"})
    void shouldRejectAnImpossibleReplicationFactor(String factor) {
        // Given
        Map<String, String> overrides = Map.of(SharedSettings.TOPICS_REPLICATION_FACTOR_CONFIG, factor);

        // When / Then
        assertThatThrownBy(() -> definition.load(null, BROKER, overrides))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(SharedSettings.TOPICS_REPLICATION_FACTOR_CONFIG);
    }

    @Test
    void shouldNameTheFormatsOfTheLog() throws IOException {
        // Given
        Path file = file("log.format=xml\n");

        // When / Then
        assertThatThrownBy(() -> definition.load(file, BROKER, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Invalid value xml for configuration log.format: String must be one of: text, json");
    }

    @Test
    void shouldNameTheLevelsOfTheLog() {
        // Given
        Map<String, String> environment = with("LOG_LEVEL", "loud");

        // When / Then
        assertThatThrownBy(() -> definition.load(null, environment, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Invalid value loud for configuration log.level: String must be one of: ERROR, WARN, INFO,"
                        + " DEBUG, TRACE");
    }

    @Test
    void shouldReportIgnoredVariables() {
        // Given
        Map<String, String> environment = with("HANDOVER_API_KEYS", SECRET);
        environment.put("HANDOVER_BRIDGE_SERVICE_HOST", "10.0.0.1");
        environment.put("HANDOVER_KAFKA_SASL_MECHANISM", "PLAIN");
        environment.put("GENESYS_TRANSFER_TIMEOUT", "40000");
        environment.put("HOME", "/root");

        // When
        Set<String> ignored = definition.ignored(environment);

        // Then
        assertThat(ignored).containsExactly("HANDOVER_API_KEYS", "HANDOVER_BRIDGE_SERVICE_HOST");
    }

    @Test
    void shouldNotShowARejectedSecret() {
        // Given
        Map<String, String> environment = with("HANDOVER_API_KEY", SECRET);

        // When / Then
        assertThatThrownBy(() -> definition.load(null, environment, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Invalid value [hidden] for configuration api.key: Too weak");
    }

    @Test
    void shouldNotShowValuesAsText() {
        // Given
        Settings settings = definition.load(null, with("HANDOVER_KAFKA_SASL_JAAS_CONFIG", SECRET), Map.of());

        // When
        String text = settings.toString();

        // Then
        assertThat(text).contains("transfer.timeout.ms").doesNotContain(SECRET, "broker:9092");
    }

    @Test
    void shouldRejectAnAliasOfNoKey() {
        // Given
        Map<String, String> aliases = Map.of("no.such.key", "NAME");

        // When / Then
        assertThatThrownBy(() -> new SettingsDefinition(new ConfigDef(), aliases))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no.such.key");
    }

    @Test
    void shouldFormatATable() {
        // Given
        SettingsDefinition small = new SettingsDefinition(
                new ConfigDef()
                        .define(
                                "a.port",
                                ConfigDef.Type.INT,
                                80,
                                ConfigDef.Range.atLeast(1),
                                ConfigDef.Importance.LOW,
                                "This | that.")
                        .define("a.key", ConfigDef.Type.PASSWORD, ConfigDef.Importance.LOW, "A key."),
                Map.of("a.key", "OTHER_KEY"));

        // When
        String table = small.markdownTable();

        // Then
        assertThat(table).isEqualTo("""
                        | Key | Environment | Type | Default | Valid values | Meaning |
                        | --- | --- | --- | --- | --- | --- |
                        | `a.port` | `HANDOVER_A_PORT` | int | `80` | [1,...] | This \\| that. |
                        | `a.key` | `HANDOVER_A_KEY`, `OTHER_KEY` | password | required |  | A key. |
                        | `kafka.*` | `HANDOVER_KAFKA_*` |  |  |  | Any other setting of the Kafka clients, such as \
                        `kafka.sasl.jaas.config` or `HANDOVER_KAFKA_SASL_JAAS_CONFIG`. |
                        """);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("handover.properties"), text);
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(BROKER);
        environment.put(name, value);
        return environment;
    }
}
