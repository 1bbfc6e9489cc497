package io.handover.history.options;

import io.handover.terminal.ClientProperties;
import io.handover.terminal.CommandException;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that always needs Kafka. They have the same names as in Kafka's own tools. */
public final class ClusterOptions {

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            required = true,
            description = "The address of Kafka; several are separated by commas.")
    public String bootstrapServer = "";

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "A properties file with further settings of the Kafka clients, such as TLS and SASL.")
    @Nullable
    Path commandConfig;

    /**
     * Returns the settings of a Kafka client.
     *
     * @throws CommandException if the file of settings cannot be read
     */
    public Properties client() {
        return ClientProperties.of(bootstrapServer, commandConfig);
    }
}
