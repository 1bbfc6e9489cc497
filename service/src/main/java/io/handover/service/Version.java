package io.handover.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of the product, written by the build. */
public final class Version {

    private Version() {}

    /**
     * Returns the line that {@code --version} prints, for example
     * {@code handover 1.0.0, revision 1a2b3c4, Kafka 4.3.1}. The revision is {@code unknown} if the product was built
     * outside a Git repository.
     */
    public static String line(String program) {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(Version.class.getResourceAsStream("version.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "%s %s, revision %s, Kafka %s"
                .formatted(
                        program,
                        properties.getProperty("version"),
                        properties.getProperty("revision"),
                        properties.getProperty("kafka"));
    }
}
