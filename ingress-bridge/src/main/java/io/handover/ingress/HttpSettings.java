package io.handover.ingress;

import io.handover.service.ServerTls;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the HTTP endpoint: its address and its limits.
 *
 * @param port the port; 0 for a free port
 * @param tls the files for TLS; null for plain HTTP
 * @param answerTimeoutMs how long a request may wait for its body and for Kafka before it is answered with 503
 * @param shutdownDrainMs how long deliveries are still accepted after SIGTERM
 */
record HttpSettings(
        String host,
        int port,
        @Nullable ServerTls tls,
        int connectionsMax,
        int requestsInFlightMax,
        long requestsInFlightMaxBytes,
        long answerTimeoutMs,
        int bodyMaxBytes,
        long shutdownDrainMs) {

    static final String HTTP_HOST_CONFIG = "http.host";
    private static final String HTTP_HOST_DOC = "Listen address of the endpoint.";
    private static final String HTTP_HOST_DEFAULT = "0.0.0.0";

    static final String HTTP_PORT_CONFIG = "http.port";
    private static final String HTTP_PORT_DOC = "Port of the endpoint; 0 chooses a free port.";
    private static final int HTTP_PORT_DEFAULT = 8080;

    static final String TLS_CERTIFICATE_FILE_CONFIG = "tls.certificate.file";
    private static final String TLS_CERTIFICATE_FILE_DOC = "PEM file with the certificate of the endpoint and its "
            + "intermediate certificates, for HTTPS with HTTP/2 and HTTP/1.1. It is reloaded when it changes. "
            + "Without it the endpoint uses plain HTTP/1.1, for a load balancer that terminates TLS.";

    static final String TLS_KEY_FILE_CONFIG = "tls.key.file";
    private static final String TLS_KEY_FILE_DOC =
            "PEM file with the unencrypted private key of the certificate. It is reloaded when it changes.";

    static final String CONNECTIONS_MAX_CONFIG = "connections.max";
    private static final String CONNECTIONS_MAX_DOC =
            "Maximum number of open connections, and of unanswered requests in all of them; a further connection is "
                    + "closed at once, a further request is answered with 503. A connection in its TLS handshake does "
                    + "not count; the handshake is limited to 3 seconds.";
    private static final int CONNECTIONS_MAX_DEFAULT = 10_000;

    static final String REQUESTS_IN_FLIGHT_MAX_CONFIG = "requests.in.flight.max";
    private static final String REQUESTS_IN_FLIGHT_MAX_DOC =
            "Maximum number of deliveries that wait for Kafka; a further one is answered with 503.";
    private static final int REQUESTS_IN_FLIGHT_MAX_DEFAULT = 1_000;

    static final String REQUESTS_IN_FLIGHT_MAX_BYTES_CONFIG = "requests.in.flight.max.bytes";
    private static final String REQUESTS_IN_FLIGHT_MAX_BYTES_DOC =
            "Maximum bytes of bodies in memory, without the buffer of the producer; a delivery beyond it is answered "
                    + "with 503.";
    private static final long REQUESTS_IN_FLIGHT_MAX_BYTES_DEFAULT = 64 * 1024 * 1024;

    static final String ANSWER_TIMEOUT_MS_CONFIG = "answer.timeout.ms";
    private static final String ANSWER_TIMEOUT_MS_DOC =
            "Time after which a delivery is answered with 503, if its body is incomplete or Kafka has not acknowledged "
                    + "it. EventBridge gives up after 5 seconds.";
    private static final int ANSWER_TIMEOUT_MS_DEFAULT = 3_800;

    /** The maximum answer timeout. EventBridge gives up after 5 s, and the network needs a part of that time. */
    static final int ANSWER_TIMEOUT_MS_LIMIT = 4_400;

    static final String BODY_MAX_BYTES_CONFIG = "body.max.bytes";
    private static final String BODY_MAX_BYTES_DOC = "Maximum size of a body; a larger one is answered with 413.";
    private static final int BODY_MAX_BYTES_DEFAULT = 1024 * 1024;
    private static final int BODY_MAX_BYTES_LIMIT = 16 * 1024 * 1024;

    static final String SHUTDOWN_DRAIN_MS_CONFIG = "shutdown.drain.ms";
    private static final String SHUTDOWN_DRAIN_MS_DOC =
            "How long deliveries are still accepted after SIGTERM, while the bridge is not ready. Set it longer than the load "
                    + "balancer needs to take the instance out: the interval of its health checks times the number of "
                    + "failures.";
    private static final long SHUTDOWN_DRAIN_MS_DEFAULT = 5_000;
    private static final long SHUTDOWN_DRAIN_MS_LIMIT = 300_000;

    static void define(ConfigDef definition) {
        defineListener(definition);
        defineLimits(definition);
    }

    private static void defineListener(ConfigDef definition) {
        definition
                .define(
                        HTTP_HOST_CONFIG,
                        ConfigDef.Type.STRING,
                        HTTP_HOST_DEFAULT,
                        new ConfigDef.NonEmptyString(),
                        ConfigDef.Importance.LOW,
                        HTTP_HOST_DOC)
                .define(
                        HTTP_PORT_CONFIG,
                        ConfigDef.Type.INT,
                        HTTP_PORT_DEFAULT,
                        SharedSettings.port(),
                        ConfigDef.Importance.MEDIUM,
                        HTTP_PORT_DOC)
                .define(
                        TLS_CERTIFICATE_FILE_CONFIG,
                        ConfigDef.Type.STRING,
                        null,
                        ConfigDef.Importance.MEDIUM,
                        TLS_CERTIFICATE_FILE_DOC)
                .define(
                        TLS_KEY_FILE_CONFIG,
                        ConfigDef.Type.STRING,
                        null,
                        ConfigDef.Importance.MEDIUM,
                        TLS_KEY_FILE_DOC);
    }

    private static void defineLimits(ConfigDef definition) {
        definition
                .define(
                        CONNECTIONS_MAX_CONFIG,
                        ConfigDef.Type.INT,
                        CONNECTIONS_MAX_DEFAULT,
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        CONNECTIONS_MAX_DOC)
                .define(
                        REQUESTS_IN_FLIGHT_MAX_CONFIG,
                        ConfigDef.Type.INT,
                        REQUESTS_IN_FLIGHT_MAX_DEFAULT,
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        REQUESTS_IN_FLIGHT_MAX_DOC)
                .define(
                        REQUESTS_IN_FLIGHT_MAX_BYTES_CONFIG,
                        ConfigDef.Type.LONG,
                        REQUESTS_IN_FLIGHT_MAX_BYTES_DEFAULT,
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        REQUESTS_IN_FLIGHT_MAX_BYTES_DOC)
                .define(
                        ANSWER_TIMEOUT_MS_CONFIG,
                        ConfigDef.Type.INT,
                        ANSWER_TIMEOUT_MS_DEFAULT,
                        ConfigDef.Range.between(1, ANSWER_TIMEOUT_MS_LIMIT),
                        ConfigDef.Importance.LOW,
                        ANSWER_TIMEOUT_MS_DOC)
                .define(
                        BODY_MAX_BYTES_CONFIG,
                        ConfigDef.Type.INT,
                        BODY_MAX_BYTES_DEFAULT,
                        ConfigDef.Range.between(1, BODY_MAX_BYTES_LIMIT),
                        ConfigDef.Importance.LOW,
                        BODY_MAX_BYTES_DOC)
                .define(
                        SHUTDOWN_DRAIN_MS_CONFIG,
                        ConfigDef.Type.LONG,
                        SHUTDOWN_DRAIN_MS_DEFAULT,
                        ConfigDef.Range.between(0, SHUTDOWN_DRAIN_MS_LIMIT),
                        ConfigDef.Importance.LOW,
                        SHUTDOWN_DRAIN_MS_DOC);
    }

    /** @throws SettingsException if two settings contradict each other or a file name is invalid */
    static HttpSettings of(Settings settings) {
        int bodyMaxBytes = settings.getInt(BODY_MAX_BYTES_CONFIG);
        long inFlightMaxBytes = settings.getLong(REQUESTS_IN_FLIGHT_MAX_BYTES_CONFIG);
        if (inFlightMaxBytes < bodyMaxBytes) {
            throw new SettingsException(REQUESTS_IN_FLIGHT_MAX_BYTES_CONFIG + " (" + inFlightMaxBytes
                    + ") is less than " + BODY_MAX_BYTES_CONFIG + " (" + bodyMaxBytes
                    + "). A body of that size would never be accepted; increase the first or decrease the second.");
        }
        return new HttpSettings(
                settings.getString(HTTP_HOST_CONFIG),
                settings.getInt(HTTP_PORT_CONFIG),
                ServerTls.of(settings, TLS_CERTIFICATE_FILE_CONFIG, TLS_KEY_FILE_CONFIG),
                settings.getInt(CONNECTIONS_MAX_CONFIG),
                settings.getInt(REQUESTS_IN_FLIGHT_MAX_CONFIG),
                inFlightMaxBytes,
                settings.getInt(ANSWER_TIMEOUT_MS_CONFIG),
                bodyMaxBytes,
                settings.getLong(SHUTDOWN_DRAIN_MS_CONFIG));
    }
}
