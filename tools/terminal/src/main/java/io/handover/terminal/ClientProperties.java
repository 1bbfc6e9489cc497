package io.handover.terminal;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/** The settings of a Kafka client: those of {@code --command-config}, and the address of Kafka. */
public final class ClientProperties {

    private ClientProperties() {}

    /**
     * Returns the settings of a Kafka client.
     *
     * @param bootstrapServer the address of Kafka; replaces an address in the file
     * @param file a properties file, or null
     * @throws CommandException if the file cannot be read
     */
    public static Properties of(String bootstrapServer, @Nullable Path file) {
        Properties properties = read(file);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
        return properties;
    }

    /**
     * Reads a properties file.
     *
     * @param file the file; null for no settings
     * @throws CommandException if the file cannot be read
     */
    public static Properties read(@Nullable Path file) {
        Properties properties = new Properties();
        if (file != null) {
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new CommandException("The file " + file + " cannot be read as UTF-8 properties.", e);
            }
        }
        return properties;
    }
}
