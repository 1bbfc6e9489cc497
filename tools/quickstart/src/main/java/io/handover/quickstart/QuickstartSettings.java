package io.handover.quickstart;

import io.handover.embeddedkafka.FreePorts;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.ingress.IngressBridge;
import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.service.SettingsException;
import io.handover.service.TopicNames;
import io.handover.streams.StreamsApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the ingress bridge and of streams-app, made from the options of the quick start.
 *
 * @param bridge the settings of the ingress bridge
 * @param streams the settings of streams-app
 */
record QuickstartSettings(Settings bridge, Settings streams) {

    private static final String API_KEY = "api.key";
    private static final String DEFAULT_API_KEY = "quickstart";
    private static final String RETENTION = "conversation.retention.ms";
    private static final String KAFKA_PREFIX = "kafka.";
    private static final String GENESYS_REGION = "genesys.region";
    private static final String GENESYS_CLIENT_ID = "genesys.client.id";
    private static final String GENESYS_CLIENT_SECRET = "genesys.client.secret";

    /**
     * The option of each key that {@code --set} must not contain. These settings concern both processes, or are checked
     * before the start.
     */
    private static final Map<String, String> OPTION_BY_KEY = Map.of(
            "kafka.bootstrap.servers",
            "--kafka-port",
            "http.port",
            "--http-port",
            "management.port",
            "--bridge-management-port and --streams-management-port",
            GENESYS_REGION,
            "--genesys-region",
            "state.dir",
            "--data");

    /**
     * Makes the settings of both processes and checks them.
     *
     * @param genesys the settings of the agent directory; empty for none
     * @throws SettingsException if a setting is unknown or invalid, or has its own option
     */
    static QuickstartSettings of(
            QuickstartOptions options, String bootstrapServers, Map<String, String> genesys, Path stateDir) {
        Map<String, String> bridge = bridge(options);
        bridge.putAll(genesys);
        Map<String, String> streams = streams(options, stateDir);
        streams.put("agent.profiles", genesys.isEmpty() ? "off" : "on");
        bridge.put("kafka.bootstrap.servers", bootstrapServers);
        streams.put("kafka.bootstrap.servers", bootstrapServers);
        Settings knownToBridge = IngressBridge.settings().load(null, Map.of(), bridge);
        Settings knownToStreams = StreamsApp.settings().load(null, Map.of(), streams);
        options.settings.forEach((key, value) -> {
            requireNoOption(key);
            boolean inBridge =
                    key.startsWith(KAFKA_PREFIX) || knownToBridge.values().containsKey(key);
            boolean inStreams =
                    key.startsWith(KAFKA_PREFIX) || knownToStreams.values().containsKey(key);
            if (!inBridge && !inStreams) {
                throw unknown(key);
            }
            if (inBridge) {
                bridge.put(key, value);
            }
            if (inStreams) {
                streams.put(key, value);
            }
        });
        return new QuickstartSettings(load(IngressBridge.settings(), bridge), load(StreamsApp.settings(), streams));
    }

    private static Settings load(SettingsDefinition definition, Map<String, String> values) {
        return definition.load(null, Map.of(), values);
    }

    /**
     * Returns the error for a key that neither process knows. An error is longer if it suggests a similar key, so the
     * longer of the two errors is returned.
     */
    private static SettingsException unknown(String key) {
        return Stream.of(IngressBridge.settings(), StreamsApp.settings())
                .map(definition -> rejection(definition, key))
                .max(Comparator.comparingInt(
                        rejection -> String.valueOf(rejection.getMessage()).length()))
                .orElseThrow();
    }

    private static SettingsException rejection(SettingsDefinition definition, String key) {
        try {
            definition.load(null, Map.of(), Map.of(key, ""));
            throw new IllegalStateException("Expected " + key + " to be unknown, but it is not");
        } catch (SettingsException e) {
            return e;
        }
    }

    private static void requireNoOption(String key) {
        String option = OPTION_BY_KEY.get(key);
        if (option != null) {
            throw new SettingsException("The quick start sets " + key + " itself. Use " + option + ".");
        }
    }

    /**
     * The settings of an agent directory that asks the real Genesys.
     *
     * @throws SettingsException if the environment has no credentials
     */
    static Map<String, String> genesys(String region, Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>(Map.of(GENESYS_REGION, region));
        for (String key : List.of(GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET)) {
            String name = "HANDOVER_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
            String value = environment.getOrDefault(name, "");
            if (value.isBlank()) {
                throw new SettingsException("--genesys-region needs " + name + " in the environment.");
            }
            settings.put(key, value);
        }
        return settings;
    }

    /** The settings of an agent directory that asks a fake Genesys. */
    static Map<String, String> genesys(FakeGenesys fake) {
        return Map.of(
                GENESYS_REGION,
                fake.baseUrl(),
                GENESYS_CLIENT_ID,
                FakeGenesys.CLIENT_ID,
                GENESYS_CLIENT_SECRET,
                FakeGenesys.CLIENT_SECRET);
    }

    private static Map<String, String> bridge(QuickstartOptions options) {
        Map<String, String> values = shared(options.bridgeManagementPort);
        values.put("http.host", FreePorts.HOST);
        values.put("http.port", String.valueOf(options.httpPort));
        values.put(API_KEY, DEFAULT_API_KEY);
        String organization = acceptedOrganization(options);
        if (organization == null) {
            values.put("organization.check.skip", "true");
        } else {
            values.put("organization.id", organization);
        }
        return values;
    }

    private static Map<String, String> streams(QuickstartOptions options, Path stateDir) {
        Map<String, String> values = shared(options.streamsManagementPort);
        values.put("state.dir", stateDir.toString());
        putMillis(values, "transfer.timeout.ms", options.transferTimeout);
        putMillis(values, "after.call.work.timeout.ms", options.afterCallWorkTimeout);
        putMillis(values, "out.of.order.grace.ms", options.outOfOrderGrace);
        return values;
    }

    private static Map<String, String> shared(int managementPort) {
        Map<String, String> values = new HashMap<>();
        values.put("management.host", FreePorts.HOST);
        values.put("management.port", String.valueOf(managementPort));
        values.put("topics.create", "true");
        values.put("topics.replication.factor", "1");
        values.put("topics.few.replicas.allowed", "true");
        return values;
    }

    private static void putMillis(Map<String, String> values, String key, @Nullable Duration duration) {
        if (duration != null) {
            values.put(key, String.valueOf(duration.toMillis()));
        }
    }

    /** Returns the only organisation whose events the bridge accepts; null if it accepts all organisations. */
    static @Nullable String acceptedOrganization(QuickstartOptions options) {
        if (options.organization != null) {
            return options.organization;
        }
        return options.deliveries == null ? Samples.ORGANIZATION : null;
    }

    /** Returns the API key that the bridge requires. */
    static String apiKey(QuickstartOptions options) {
        return options.settings.getOrDefault(API_KEY, DEFAULT_API_KEY);
    }

    /** Returns the retention of streams-app. An event that is older than this has no effect. */
    Duration retention() {
        return Duration.ofMillis(streams.getLong(RETENTION));
    }

    /** Returns the names of the topics. */
    TopicNames topics() {
        return TopicNames.of(streams);
    }

    /** Returns the consumer group of streams-app. */
    String streamsGroup() {
        return streams.getString("application.id");
    }

    /** Returns the consumer group of the agent directory. */
    String directoryGroup() {
        return streamsGroup() + "-agent-directory";
    }
}
