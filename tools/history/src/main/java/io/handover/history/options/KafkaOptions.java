package io.handover.history.options;

import io.handover.history.sources.TopicReader;
import io.handover.terminal.CommandException;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Kafka is, named as Kafka's own tools name it. */
public final class KafkaOptions {

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "Where Kafka is; several with commas. Needed only for topics.")
    @Nullable
    public String bootstrapServer;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "Further settings of the Kafka clients, such as those of TLS and SASL: a properties file.")
    @Nullable
    Path commandConfig;

    /**
     * What a client is configured with.
     *
     * @throws CommandException if it is not said where Kafka is, or the file cannot be read
     */
    public Properties client() {
        if (bootstrapServer == null) {
            throw new CommandException("A topic needs --bootstrap-server: where Kafka is.");
        }
        return TopicReader.client(bootstrapServer, commandConfig);
    }
}
