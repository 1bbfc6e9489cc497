package io.handover.ingress;

import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the bridge, checked against each other.
 *
 * @param apiKeyPrevious the key before the rotation that is under way; null outside one
 */
record BridgeSettings(
        String httpHost,
        int httpPort,
        String managementHost,
        int managementPort,
        Password apiKey,
        @Nullable Password apiKeyPrevious,
        DeliveryPolicy policy,
        boolean endpointEnabled,
        int requestsInFlightMax,
        long answerTimeoutMs,
        int bodyMaxBytes) {

    static final String HTTP_HOST_CONFIG = "http.host";
    private static final String HTTP_HOST_DOC = "The address that the endpoint listens on.";
    private static final String HTTP_HOST_DEFAULT = "0.0.0.0";

    static final String HTTP_PORT_CONFIG = "http.port";
    private static final String HTTP_PORT_DOC = "The port of the endpoint; 0 takes a free one.";
    private static final int HTTP_PORT_DEFAULT = 8080;

    private static final int MANAGEMENT_PORT_DEFAULT = 8081;

    static final String API_KEY_CONFIG = "api.key";
    private static final String API_KEY_DOC =
            "What the sender's header Authorization has to be, letter for letter: the value of the EventBridge connection.";

    static final String API_KEY_PREVIOUS_CONFIG = "api.key.previous";
    private static final String API_KEY_PREVIOUS_DOC =
            "A second key that is accepted as well, while the sender changes to a new one.";

    static final String ORGANIZATION_ID_CONFIG = "organization.id";
    private static final String ORGANIZATION_ID_DOC =
            "Whose events are taken: the event source suffix chosen in Genesys, several with commas.";

    static final String ORGANIZATION_CHECK_SKIP_CONFIG = "organization.check.skip";
    private static final String ORGANIZATION_CHECK_SKIP_DOC = "Whether to take the events of every organisation.";

    static final String ENDPOINT_ENABLED_CONFIG = "endpoint.enabled";
    private static final String ENDPOINT_ENABLED_DOC =
            "Whether deliveries are taken; if not, each is answered with 503, so that the sender keeps it.";

    static final String REQUESTS_IN_FLIGHT_MAX_CONFIG = "requests.in.flight.max";
    private static final String REQUESTS_IN_FLIGHT_MAX_DOC = "Deliveries at once; the next is answered with 503.";
    private static final int REQUESTS_IN_FLIGHT_MAX_DEFAULT = 1_000;

    static final String ANSWER_TIMEOUT_MS_CONFIG = "answer.timeout.ms";
    private static final String ANSWER_TIMEOUT_MS_DOC =
            "When a delivery that Kafka has not acknowledged is answered with 503; EventBridge gives up after 5 seconds.";
    private static final int ANSWER_TIMEOUT_MS_DEFAULT = 4_200;

    /** EventBridge gives up after 5 s, and part of that is on the way. */
    static final int ANSWER_TIMEOUT_MS_LIMIT = 4_400;

    static final String BODY_MAX_BYTES_CONFIG = "body.max.bytes";
    private static final String BODY_MAX_BYTES_DOC = "The largest body; a larger one is answered with 413.";
    private static final int BODY_MAX_BYTES_DEFAULT = 1024 * 1024;
    private static final int BODY_MAX_BYTES_LIMIT = 16 * 1024 * 1024;

    private static final Map<String, String> ALIASES = Map.of(
            API_KEY_CONFIG, "GENESYS_EVENTBRIDGE_HANDOVER_API_KEY",
            ORGANIZATION_CHECK_SKIP_CONFIG, "SKIP_GENESYS_EVENTBRIDGE_ORGANIZATION_ID_CHECK",
            ENDPOINT_ENABLED_CONFIG, "FEATURE_USE_GENESYS_OM_HTTP_END_HANDOVER_REQUEST");

    private static final ConfigDef.Validator KEY_VALIDATOR =
            ConfigDef.LambdaValidator.with(BridgeSettings::checkKey, () -> "visible ASCII characters");

    static SettingsDefinition definition() {
        ConfigDef definition = SharedSettings.define(MANAGEMENT_PORT_DEFAULT);
        defineHttp(definition);
        defineAdmission(definition);
        return new SettingsDefinition(definition, ALIASES);
    }

    private static void defineHttp(ConfigDef definition) {
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
                        REQUESTS_IN_FLIGHT_MAX_CONFIG,
                        ConfigDef.Type.INT,
                        REQUESTS_IN_FLIGHT_MAX_DEFAULT,
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        REQUESTS_IN_FLIGHT_MAX_DOC)
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
                        BODY_MAX_BYTES_DOC);
    }

    private static void defineAdmission(ConfigDef definition) {
        definition
                .define(
                        API_KEY_CONFIG,
                        ConfigDef.Type.PASSWORD,
                        ConfigDef.NO_DEFAULT_VALUE,
                        KEY_VALIDATOR,
                        ConfigDef.Importance.HIGH,
                        API_KEY_DOC)
                .define(
                        API_KEY_PREVIOUS_CONFIG,
                        ConfigDef.Type.PASSWORD,
                        null,
                        KEY_VALIDATOR,
                        ConfigDef.Importance.LOW,
                        API_KEY_PREVIOUS_DOC)
                .define(
                        ORGANIZATION_ID_CONFIG,
                        ConfigDef.Type.LIST,
                        List.of(),
                        ConfigDef.Importance.HIGH,
                        ORGANIZATION_ID_DOC)
                .define(
                        ORGANIZATION_CHECK_SKIP_CONFIG,
                        ConfigDef.Type.BOOLEAN,
                        false,
                        ConfigDef.Importance.MEDIUM,
                        ORGANIZATION_CHECK_SKIP_DOC)
                .define(
                        ENDPOINT_ENABLED_CONFIG,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        ConfigDef.Importance.LOW,
                        ENDPOINT_ENABLED_DOC);
    }

    /** @throws SettingsException if they contradict each other */
    static BridgeSettings of(Settings settings) {
        List<String> organizationIds = settings.getList(ORGANIZATION_ID_CONFIG);
        boolean skipCheck = settings.getBoolean(ORGANIZATION_CHECK_SKIP_CONFIG);
        if (organizationIds.isEmpty() && !skipCheck) {
            throw new SettingsException("Neither " + ORGANIZATION_ID_CONFIG + " nor " + ORGANIZATION_CHECK_SKIP_CONFIG
                    + " is set: say whose events are taken, or that everybody's are.");
        }
        return new BridgeSettings(
                settings.getString(HTTP_HOST_CONFIG),
                settings.getInt(HTTP_PORT_CONFIG),
                settings.getString(SharedSettings.MANAGEMENT_HOST_CONFIG),
                settings.getInt(SharedSettings.MANAGEMENT_PORT_CONFIG),
                settings.getPassword(API_KEY_CONFIG),
                settings.getPassword(API_KEY_PREVIOUS_CONFIG),
                new DeliveryPolicy(Set.copyOf(organizationIds), !skipCheck),
                settings.getBoolean(ENDPOINT_ENABLED_CONFIG),
                settings.getInt(REQUESTS_IN_FLIGHT_MAX_CONFIG),
                settings.getInt(ANSWER_TIMEOUT_MS_CONFIG),
                settings.getInt(BODY_MAX_BYTES_CONFIG));
    }

    /** HTTP carries nothing else in a header unharmed. */
    private static void checkKey(String name, @Nullable Object value) {
        if (value instanceof Password key
                && (key.value().isBlank() || !key.value().chars().allMatch(c -> c >= ' ' && c <= '~'))) {
            throw new ConfigException(name, value, "Value must consist of visible ASCII characters");
        }
    }
}
