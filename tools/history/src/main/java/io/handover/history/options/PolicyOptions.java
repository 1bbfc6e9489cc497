package io.handover.history.options;

import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.StreamsAppSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the settings of streams-app. The decisions of the command follow these settings. */
public final class PolicyOptions {

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file of streams-app; its settings decide.")
    @Nullable
    Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Setting of streams-app, such as transfer.timeout.ms=20000; overrides the file. Can be given several"
                            + " times. Environment variables are not read.")
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
        all.put("kafka.bootstrap.servers", "unused:9092");
        return StreamsAppSettings.definition().load(config, Map.of(), all);
    }
}
