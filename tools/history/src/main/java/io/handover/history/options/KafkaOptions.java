package io.handover.history.options;

import io.handover.service.SharedSettings;
import io.handover.terminal.ClientProperties;
import io.handover.terminal.CommandException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the connection to Kafka. They have the same names as in Kafka's own tools. */
public final class KafkaOptions {

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "Address of Kafka; several are separated by commas. Needed only for topics.")
    @Nullable
    public String bootstrapServer;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "Properties file with further settings of the Kafka clients, for example for TLS and SASL.")
    @Nullable
    Path commandConfig;

    /** Returns the options as settings of streams-app, by key. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        Properties file = ClientProperties.read(commandConfig);
        file.stringPropertyNames()
                .forEach(key -> settings.put(SharedSettings.KAFKA_PREFIX + key, file.getProperty(key)));
        if (bootstrapServer != null) {
            settings.put(SharedSettings.KAFKA_BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
        }
        return settings;
    }

    /**
     * Returns the settings of a Kafka client.
     *
     * @throws CommandException if the address of Kafka is missing, or the file of settings cannot be read
     */
    public Properties client() {
        if (bootstrapServer == null) {
            throw new CommandException("A topic needs --bootstrap-server HOST:PORT, the address of Kafka.");
        }
        return ClientProperties.of(bootstrapServer, commandConfig);
    }
}
