package io.handover.history.options;

import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.StreamsAppSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What decides: the settings of the streams app. */
public final class PolicyOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings file of the streams app whose decisions are meant.")
    @Nullable
    Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of the streams app, such as transfer.timeout.ms=20000; may be given several times, and"
                            + " is stronger than the file. The environment is not read.")
    Map<String, String> settings = new LinkedHashMap<>();

    /**
     * The settings, with further ones on top.
     *
     * @throws SettingsException if they do not make sense
     */
    public Settings with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putAll(more);
        // The application cannot do without; nothing is connected to here.
        all.put("kafka.bootstrap.servers", "unused:9092");
        return StreamsAppSettings.definition().load(config, Map.of(), all);
    }
}
