package io.handover.setup.settings;

import io.handover.genesys.GenesysCredentials;
import io.handover.genesys.GenesysRegion;
import io.handover.schema.EventType;
import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.service.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * What a set-up should be.
 *
 * @param name the name of everything that is made in AWS
 * @param accountId the AWS account
 * @param region the AWS region
 * @param genesysOrganization the id of the organisation in Genesys
 * @param suffix the last part of the name of the event source; the setting {@code organization.id} of the bridge
 * @param topics the topics of Genesys, sorted
 * @param endpoint the address of the bridge
 * @param keyHeader the header with the key
 * @param key the key of the bridge; null if it is not given
 * @param ratePerSecond how many deliveries EventBridge sends per second at most
 * @param archiveDays how long the archive keeps events
 * @param roleArn the role of the user that EventBridge takes; null to make one
 * @param alarmTopicArn the SNS topic that alarms are sent to; null for none
 * @param integrationName the name of the integration in Genesys
 * @param genesysRegion the hosts of Genesys; null if they are not given
 * @param genesysCredentials the OAuth client; null if it is not given
 * @param bridgeMetrics the addresses of the metrics of the bridges
 */
public record SetupSettings(
        String name,
        String accountId,
        String region,
        String genesysOrganization,
        String suffix,
        List<String> topics,
        URI endpoint,
        String keyHeader,
        @Nullable Secret key,
        int ratePerSecond,
        int archiveDays,
        @Nullable String roleArn,
        @Nullable String alarmTopicArn,
        String integrationName,
        @Nullable GenesysRegion genesysRegion,
        @Nullable GenesysCredentials genesysCredentials,
        List<URI> bridgeMetrics) {

    /** The environment variable that the previous product uses for the key. */
    private static final String API_KEY_ALIAS = "GENESYS_EVENTBRIDGE_HANDOVER_API_KEY";

    public static final String REGION = "aws.region";

    private static final String NAME = "name";
    private static final String ACCOUNT = "aws.account.id";
    private static final String ORGANIZATION = "genesys.organization.id";
    private static final String SUFFIX = "event.source.suffix";
    private static final String TOPICS = "topics";
    private static final String ENDPOINT = "endpoint.url";
    private static final String KEY = "api.key";
    private static final String KEY_FILE = "api.key.file";
    private static final String KEY_HEADER = "api.key.header";
    private static final String RATE = "rate.limit.per.second";
    private static final String ARCHIVE = "archive.retention.days";
    private static final String ROLE = "role.arn";
    private static final String ALARM_TOPIC = "alarm.topic.arn";
    private static final String INTEGRATION = "genesys.integration.name";
    private static final String GENESYS_REGION = "genesys.region";
    private static final String CLIENT_ID = "genesys.client.id";
    private static final String CLIENT_SECRET = "genesys.client.secret";
    private static final String CLIENT_SECRET_FILE = "genesys.client.secret.file";
    private static final String METRICS = "bridge.metrics.urls";

    private static final String TOPIC_PREFIX = "v2.detail.events.conversation.{id}.";
    private static final Set<EventType> DECIDE_NOTHING = Set.of(EventType.WRAPUP, EventType.FLOW_OUTCOME);
    private static final String ALL_TOPICS = Arrays.stream(EventType.values())
            .filter(type -> !DECIDE_NOTHING.contains(type))
            .map(EventType::suffix)
            .collect(Collectors.joining(","));

    public SetupSettings {
        topics = topics.stream().sorted().toList();
        bridgeMetrics = List.copyOf(bridgeMetrics);
    }

    /** Returns the definition of the file. */
    public static SettingsDefinition definition() {
        return new SettingsDefinition(
                new ConfigDef()
                        .define(
                                NAME,
                                ConfigDef.Type.STRING,
                                "handover",
                                matching("[A-Za-z0-9_-]{1,32}"),
                                Importance.HIGH,
                                """
                                The name of everything that is made in AWS. Another set-up in the same account has \
                                another one.""")
                        .define(
                                ACCOUNT,
                                ConfigDef.Type.STRING,
                                ConfigDef.NO_DEFAULT_VALUE,
                                matching("\\d{12}"),
                                Importance.HIGH,
                                "The AWS account. Credentials of another account are refused.")
                        .define(
                                REGION,
                                ConfigDef.Type.STRING,
                                ConfigDef.NO_DEFAULT_VALUE,
                                matching("[a-z]{2}(-[a-z]+)+-\\d"),
                                Importance.HIGH,
                                "The AWS region.")
                        .define(
                                ORGANIZATION,
                                ConfigDef.Type.STRING,
                                ConfigDef.NO_DEFAULT_VALUE,
                                matching("[A-Za-z0-9-]{1,64}"),
                                Importance.HIGH,
                                "The id of your organisation in Genesys Cloud (Admin, Organization Settings).")
                        .define(
                                SUFFIX,
                                ConfigDef.Type.STRING,
                                ConfigDef.NO_DEFAULT_VALUE,
                                matching("[A-Za-z0-9._-]{1,64}"),
                                Importance.HIGH,
                                "The event source suffix: the setting organization.id of ingress-bridge.")
                        .define(
                                ENDPOINT,
                                ConfigDef.Type.STRING,
                                ConfigDef.NO_DEFAULT_VALUE,
                                ConfigDef.LambdaValidator.with(SetupSettings::checkEndpoint, () -> "an https URL"),
                                Importance.HIGH,
                                "The public address of ingress-bridge.")
                        .define(
                                KEY,
                                ConfigDef.Type.PASSWORD,
                                null,
                                ConfigDef.LambdaValidator.with(
                                        SetupSettings::checkKey, () -> "visible ASCII characters"),
                                Importance.HIGH,
                                """
                                The key that EventBridge sends: the setting api.key of ingress-bridge. Better give it \
                                in the environment.""")
                        .define(KEY_FILE, ConfigDef.Type.STRING, null, Importance.HIGH, """
                                File with the key instead. Of several lines, the first is the key, so that the file \
                                can be the one of ingress-bridge.""")
                        .define(
                                KEY_HEADER,
                                ConfigDef.Type.STRING,
                                "Authorization",
                                matching("[A-Za-z0-9-]{1,100}"),
                                Importance.LOW,
                                "The header with the key.")
                        .define(
                                TOPICS,
                                ConfigDef.Type.LIST,
                                ALL_TOPICS,
                                ConfigDef.LambdaValidator.with(SetupSettings::checkTopics, () -> "names of topics"),
                                Importance.MEDIUM,
                                """
                                The topics of Genesys, without v2.detail.events.conversation.{id}. at their beginning.""")
                        .define(RATE, ConfigDef.Type.INT, 300, ConfigDef.Range.between(1, 100_000), Importance.LOW, """
                                How many deliveries EventBridge sends per second at most. 300 is the quota of a new \
                                account.""")
                        .define(
                                ARCHIVE,
                                ConfigDef.Type.INT,
                                30,
                                ConfigDef.Range.between(1, 36_500),
                                Importance.MEDIUM,
                                """
                                How many days the archive keeps events, for replays.""")
                        .define(
                                ROLE,
                                ConfigDef.Type.STRING,
                                null,
                                optional("arn:[a-z-]+:iam::\\d{12}:role/.+"),
                                Importance.LOW,
                                """
                                A role of your own that EventBridge takes to send. Without it, one is made.""")
                        .define(
                                ALARM_TOPIC,
                                ConfigDef.Type.STRING,
                                null,
                                optional("arn:[a-z-]+:sns:.+"),
                                Importance.MEDIUM,
                                """
                                An SNS topic that receives the alarms. Its policy must let cloudwatch.amazonaws.com \
                                and events.amazonaws.com publish.""")
                        .define(
                                INTEGRATION,
                                ConfigDef.Type.STRING,
                                "handover",
                                matching("\\S(.{0,98}\\S)?"),
                                Importance.LOW,
                                "The name of the integration in Genesys.")
                        .define(GENESYS_REGION, ConfigDef.Type.STRING, null, Importance.MEDIUM, """
                                The Genesys Cloud region: its domain, such as mypurecloud.de, or the name of its AWS \
                                region.""")
                        .define(
                                CLIENT_ID,
                                ConfigDef.Type.STRING,
                                null,
                                Importance.MEDIUM,
                                "Id of an OAuth client of Genesys Cloud with the grant type client credentials.")
                        .define(CLIENT_SECRET, ConfigDef.Type.PASSWORD, null, Importance.MEDIUM, """
                                Secret of the OAuth client. Better give it in the environment.""")
                        .define(
                                CLIENT_SECRET_FILE,
                                ConfigDef.Type.STRING,
                                null,
                                Importance.MEDIUM,
                                "File with the secret of the OAuth client instead.")
                        .define(METRICS, ConfigDef.Type.LIST, "", Importance.LOW, """
                                The metrics of all instances of ingress-bridge, such as http://bridge:9090/metrics. \
                                verify --canary looks there."""),
                Map.of(KEY, API_KEY_ALIAS));
    }

    /**
     * Reads the settings, and the files with secrets.
     *
     * @throws SettingsException if two settings contradict each other, or a file cannot be read
     */
    public static SetupSettings of(Settings settings) {
        String region = settings.getString(GENESYS_REGION);
        return new SetupSettings(
                settings.getString(NAME),
                settings.getString(ACCOUNT),
                settings.getString(REGION),
                settings.getString(ORGANIZATION),
                settings.getString(SUFFIX),
                settings.getList(TOPICS).stream().map(TOPIC_PREFIX::concat).toList(),
                URI.create(settings.getString(ENDPOINT)),
                settings.getString(KEY_HEADER),
                secret(settings, KEY, KEY_FILE),
                settings.getInt(RATE),
                settings.getInt(ARCHIVE),
                settings.getString(ROLE),
                settings.getString(ALARM_TOPIC),
                settings.getString(INTEGRATION),
                region == null ? null : region(region),
                credentials(settings),
                settings.getList(METRICS).stream().map(SetupSettings::url).toList());
    }

    /** The name of the partner event source, and of its bus. */
    public String eventSourceName() {
        return "aws.partner/genesys.com/cloud/" + genesysOrganization + "/" + suffix;
    }

    /** The key, where the command cannot do without. */
    public Secret requiredKey() {
        if (key == null) {
            throw new SettingsException("Neither " + KEY + " nor " + KEY_FILE
                    + " is set. Set one of them in the file, or as HANDOVER_API_KEY or " + API_KEY_ALIAS
                    + " in the environment.");
        }
        return key;
    }

    /** Returns the text without the secrets of these settings. */
    public String hidden(String text) {
        String hidden = key == null ? text : key.hiddenIn(text);
        return genesysCredentials == null ? hidden : new Secret(genesysCredentials.clientSecret()).hiddenIn(hidden);
    }

    private static @Nullable GenesysCredentials credentials(Settings settings) {
        String clientId = settings.getString(CLIENT_ID);
        Secret secret = secret(settings, CLIENT_SECRET, CLIENT_SECRET_FILE);
        if ((clientId == null) != (secret == null)) {
            throw new SettingsException("Set both " + CLIENT_ID + " and one of " + CLIENT_SECRET + " and "
                    + CLIENT_SECRET_FILE + ", or none of them.");
        }
        return clientId == null || secret == null ? null : new GenesysCredentials(clientId, secret.value());
    }

    private static @Nullable Secret secret(Settings settings, String key, String fileKey) {
        Password given = settings.getPassword(key);
        String file = settings.getString(fileKey);
        if (given != null && file != null) {
            throw new SettingsException("Both " + key + " and " + fileKey + " are set. Set one of them.");
        }
        if (file == null) {
            return given == null ? null : new Secret(given.value());
        }
        try {
            String first = Files.readString(Path.of(file), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElse("");
            if (!isVisibleAscii(first)) {
                throw new SettingsException(
                        "The file " + file + " of " + fileKey + " must begin with a line of visible ASCII characters.");
            }
            return new Secret(first);
        } catch (IOException | IllegalArgumentException e) {
            // The cause stays out: a decoder's message could quote the content.
            throw new SettingsException("The file " + file + " of " + fileKey + " cannot be read as UTF-8 text.");
        }
    }

    private static GenesysRegion region(String text) {
        try {
            return GenesysRegion.of(text);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(Objects.requireNonNull(e.getMessage()), e);
        }
    }

    private static URI url(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(METRICS + " contains " + text + ", which is no URL.", e);
        }
    }

    private static ConfigDef.Validator matching(String pattern) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (!String.valueOf(value).matches(pattern)) {
                        throw new ConfigException(name, value, "Value must match " + pattern);
                    }
                },
                () -> pattern);
    }

    private static ConfigDef.Validator optional(String pattern) {
        return ConfigDef.LambdaValidator.with(
                (name, value) -> {
                    if (value != null && !value.toString().matches(pattern)) {
                        throw new ConfigException(name, value, "Value must match " + pattern);
                    }
                },
                () -> pattern);
    }

    private static void checkEndpoint(String name, Object value) {
        URI url;
        try {
            url = URI.create(value.toString());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, "Value must be an https URL");
        }
        if (!"https".equals(url.getScheme()) || url.getHost() == null || url.getRawUserInfo() != null) {
            throw new ConfigException(name, value, "Value must be an https URL, because EventBridge sends to no other");
        }
    }

    private static void checkTopics(String name, Object value) {
        List<?> topics = (List<?>) value;
        List<String> known =
                Arrays.stream(EventType.values()).map(EventType::suffix).toList();
        if (topics.isEmpty()) {
            throw new ConfigException(name, value, "Value must contain at least one topic");
        }
        for (Object topic : topics) {
            if (!known.contains(topic.toString())) {
                throw new ConfigException(name, topic, "Value must contain only " + String.join(", ", known));
            }
        }
    }

    private static void checkKey(String name, @Nullable Object value) {
        if (value instanceof Password key && !isVisibleAscii(key.value())) {
            throw new ConfigException(name, value, "Value must consist of visible ASCII characters");
        }
    }

    private static boolean isVisibleAscii(String text) {
        return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
