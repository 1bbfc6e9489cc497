package io.handover.service;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Maps a setting to its environment variable, for example {@code http.port} to {@code HANDOVER_HTTP_PORT}. */
final class EnvironmentNames {

    static final String PREFIX = "HANDOVER_";
    private static final String KAFKA_PREFIX = PREFIX + "KAFKA_";

    /**
     * Matches names of the variables that Kubernetes adds to every container for each service of the namespace. If the
     * name of a service starts with handover-, the names of its variables start with {@code HANDOVER_}.
     */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_\\w+)?)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private EnvironmentNames() {}

    static String of(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /**
     * Returns the key of the Kafka client setting that the variable sets.
     *
     * @return empty if the variable sets no Kafka client setting, or if Kubernetes created the variable
     */
    static Optional<String> kafkaKey(String name) {
        return name.length() == KAFKA_PREFIX.length()
                        || !name.startsWith(KAFKA_PREFIX)
                        || SERVICE_LINK.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'));
    }

    /**
     * Whether Kubernetes created the variable, although it has the name of a setting. For example, Kubernetes sets
     * {@code HANDOVER_HTTP_PORT=tcp://10.0.0.1:80} for a service named handover-http.
     */
    static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                && SERVICE_ADDRESS.matcher(value).matches();
    }
}
