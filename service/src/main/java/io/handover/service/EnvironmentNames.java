package io.handover.service;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Maps settings to environment variables: {@code http.port} is {@code HANDOVER_HTTP_PORT}. */
final class EnvironmentNames {

    static final String PREFIX = "HANDOVER_";
    private static final String KAFKA_PREFIX = PREFIX + "KAFKA_";

    /** Kubernetes sets such variables in every container of a namespace with a service named handover-…. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_\\w+)?)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private EnvironmentNames() {}

    static String of(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /**
     * Returns the Kafka client setting that a variable sets.
     *
     * @return empty if the variable sets none, or if Kubernetes created it
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
     * Whether Kubernetes created a variable that has the name of a setting: a service named handover-http sets
     * {@code HANDOVER_HTTP_PORT=tcp://10.0.0.1:80}.
     */
    static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                && SERVICE_ADDRESS.matcher(value).matches();
    }
}
