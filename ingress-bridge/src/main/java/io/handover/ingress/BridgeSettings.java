package io.handover.ingress;

import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/**
 * The validated settings of the bridge.
 *
 * @param endpointEnabled false to answer every delivery with 503
 * @param logSuccesses whether the access log also contains answers with 200
 * @param directory the settings of the agent directory; null if there is none
 */
record BridgeSettings(
        HttpSettings http,
        AuthenticationSettings authentication,
        DeliveryPolicy policy,
        boolean endpointEnabled,
        boolean logSuccesses,
        String managementHost,
        int managementPort,
        @Nullable DirectorySettings directory) {

    private static final int MANAGEMENT_PORT_DEFAULT = 8081;

    static final String ORGANIZATION_ID_CONFIG = "organization.id";
    private static final String ORGANIZATION_ID_DOC =
            "Organisations whose events are accepted: event source suffixes as chosen in Genesys, separated by commas.";

    static final String ORGANIZATION_CHECK_SKIP_CONFIG = "organization.check.skip";
    private static final String ORGANIZATION_CHECK_SKIP_DOC = "Whether the events of every organisation are accepted.";

    static final String ENDPOINT_ENABLED_CONFIG = "endpoint.enabled";
    private static final String ENDPOINT_ENABLED_DOC =
            "Whether deliveries are accepted; if not, each is answered with 503, so that the sender retries.";

    static final String ACCESS_LOG_CONFIG = "access.log";
    private static final String ACCESS_LOG_DOC =
            "Which answers are logged, one line per answer: problems for answers other than 200 only, or all.";
    private static final String ALL = "all";
    private static final String PROBLEMS = "problems";

    private static final Map<String, String> ALIASES = Map.of(
            AuthenticationSettings.API_KEY_CONFIG,
            AuthenticationSettings.API_KEY_ALIAS,
            ORGANIZATION_CHECK_SKIP_CONFIG,
            "SKIP_GENESYS_EVENTBRIDGE_ORGANIZATION_ID_CHECK",
            ENDPOINT_ENABLED_CONFIG,
            "FEATURE_USE_GENESYS_OM_HTTP_END_HANDOVER_REQUEST");

    static SettingsDefinition definition() {
        ConfigDef definition = SharedSettings.define(MANAGEMENT_PORT_DEFAULT);
        HttpSettings.define(definition);
        AuthenticationSettings.define(definition);
        definition
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
                        ENDPOINT_ENABLED_DOC)
                .define(
                        ACCESS_LOG_CONFIG,
                        ConfigDef.Type.STRING,
                        PROBLEMS,
                        ConfigDef.ValidString.in(ALL, PROBLEMS),
                        ConfigDef.Importance.LOW,
                        ACCESS_LOG_DOC);
        DirectorySettings.define(definition);
        return new SettingsDefinition(definition, ALIASES);
    }

    /** @throws SettingsException if a setting is missing or two settings contradict each other */
    static BridgeSettings of(Settings settings) {
        List<String> organizationIds = settings.getList(ORGANIZATION_ID_CONFIG);
        boolean skipCheck = settings.getBoolean(ORGANIZATION_CHECK_SKIP_CONFIG);
        if (organizationIds.isEmpty() && !skipCheck) {
            throw new SettingsException("Neither " + ORGANIZATION_ID_CONFIG + " nor " + ORGANIZATION_CHECK_SKIP_CONFIG
                    + " is set. Set one of them to choose whose events are accepted.");
        }
        return new BridgeSettings(
                HttpSettings.of(settings),
                AuthenticationSettings.of(settings),
                new DeliveryPolicy(Set.copyOf(organizationIds), !skipCheck),
                settings.getBoolean(ENDPOINT_ENABLED_CONFIG),
                settings.getString(ACCESS_LOG_CONFIG).equals(ALL),
                settings.getString(SharedSettings.MANAGEMENT_HOST_CONFIG),
                settings.getInt(SharedSettings.MANAGEMENT_PORT_CONFIG),
                DirectorySettings.of(settings));
    }
}
