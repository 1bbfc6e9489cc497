package io.handover.history.options;

import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import io.handover.service.StreamsAppSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the settings of streams-app. The decisions of the command follow these settings. */
public final class PolicyOptions {

    private static final String UNUSED = "unused:9092";

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file of streams-app; its settings decide.")
    @Nullable
    Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Setting of streams-app, such as transfer.timeout.ms=20000; overrides the file. Can be given several"
                            + " times.")
    Map<String, String> settings = new LinkedHashMap<>();

    /**
     * Returns the settings of the options.
     *
     * @param more further settings, which override the options
     * @throws SettingsException if a setting is unknown or invalid
     */
    public Settings with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putAll(more);
        // The definition requires this setting, but the command does not connect to this address.
        all.put(SharedSettings.KAFKA_BOOTSTRAP_SERVERS_CONFIG, UNUSED);
        return StreamsAppSettings.definition().load(config, Map.of(), all);
    }

    /**
     * Returns the settings of an installation, as streams-app has them: those of the file, then the environment, then
     * the options.
     *
     * @param kafka the options for Kafka
     * @param connects whether the command connects to Kafka
     * @throws SettingsException if a setting is unknown, invalid, or missing
     */
    public Settings ofInstallation(Map<String, String> environment, KafkaOptions kafka, boolean connects) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putAll(kafka.settings());
        if (!connects) {
            all.putIfAbsent(SharedSettings.KAFKA_BOOTSTRAP_SERVERS_CONFIG, UNUSED);
        }
        return StreamsAppSettings.definition().load(config, environment, all);
    }
}
