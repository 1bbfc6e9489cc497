package io.handover.setup.settings;

import io.handover.service.SettingsException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of all commands that read the file of a set-up. */
public final class SetupOptions {

    public static final String DEFAULT_FILE = "setup.properties";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            defaultValue = DEFAULT_FILE,
            description = "The file of the set-up (${DEFAULT-VALUE}).")
    Path file = Path.of(DEFAULT_FILE);

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "The profile of the AWS configuration. Without it, credentials are looked for where the tools"
                    + " of AWS look for them.")
    public @Nullable String profile;

    @Option(names = "--region", paramLabel = "NAME", description = "The AWS region instead of aws.region of the file.")
    @Nullable
    String region;

    /**
     * Reads the file, and the environment over it.
     *
     * @throws SettingsException if a setting is unknown, missing or invalid
     */
    public SetupSettings settings() {
        return SetupSettings.of(SetupSettings.definition()
                .load(file, System.getenv(), region == null ? Map.of() : Map.of(SetupSettings.REGION, region)));
    }
}
