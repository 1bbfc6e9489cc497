package io.handover.service;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a key is called in the environment: {@code http.port} is {@code HANDOVER_HTTP_PORT}. */
final class EnvironmentNames {

    static final String PREFIX = "HANDOVER_";
    private static final String KAFKA_PREFIX = PREFIX + "KAFKA_";

    /** Kubernetes puts such variables into every container of a namespace that has a service named handover-…. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_\\w+)?)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private EnvironmentNames() {}

    static String of(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /**
     * The key of the Kafka clients that a variable names.
     *
     * @return empty if it names none, or Kubernetes made it
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
     * Whether Kubernetes made the variable although its name is that of a key: a service named handover-http gives
     * {@code HANDOVER_HTTP_PORT=tcp://10.0.0.1:80}.
     */
    static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                && SERVICE_ADDRESS.matcher(value).matches();
    }
}
