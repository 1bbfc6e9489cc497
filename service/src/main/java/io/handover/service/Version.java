package io.handover.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of the product, written by the build. */
public final class Version {

    private static final Properties BUILD = read();

    private Version() {}

    private static Properties read() {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(Version.class.getResourceAsStream("version.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    /**
     * Returns the line that {@code --version} prints, for example
     * {@code handover 1.0.0, revision 1a2b3c4, Kafka 4.3.1}.
     */
    public static String line(String program) {
        return "%s %s, revision %s, Kafka %s".formatted(program, version(), revision(), kafka());
    }

    /** The version of the product. */
    public static String version() {
        return BUILD.getProperty("version", "unknown");
    }

    /** The commit; {@code unknown} if the product was built outside a Git repository. */
    static String revision() {
        return BUILD.getProperty("revision", "unknown");
    }

    /** The version of Kafka. */
    static String kafka() {
        return BUILD.getProperty("kafka", "unknown");
    }
}
