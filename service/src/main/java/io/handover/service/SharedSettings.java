package io.handover.service;

import io.handover.schema.Topics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The settings that both processes share. */
public final class SharedSettings {

    /** The prefix of the settings that are passed to the Kafka clients. */
    public static final String KAFKA_PREFIX = "kafka.";

    public static final String KAFKA_BOOTSTRAP_SERVERS_CONFIG = "kafka.bootstrap.servers";
    private static final String KAFKA_BOOTSTRAP_SERVERS_DOC =
            "Addresses of Kafka brokers as host:port, separated by commas.";

    public static final String MANAGEMENT_HOST_CONFIG = "management.host";
    private static final String MANAGEMENT_HOST_DOC = "Listen address of health and metrics.";
    private static final String MANAGEMENT_HOST_DEFAULT = "0.0.0.0";

    public static final String MANAGEMENT_PORT_CONFIG = "management.port";
    private static final String MANAGEMENT_PORT_DOC = "Port of health and metrics; 0 chooses a free port.";

    static final String METRICS_KAFKA_CONFIG = "metrics.kafka";
    private static final String METRICS_KAFKA_DOC =
            "Which metrics of the Kafka clients and of Kafka Streams are exported: selected exports those that the alerts"
                    + " and the dashboard use, all exports every one.";
    static final String METRICS_KAFKA_SELECTED = "selected";
    static final String METRICS_KAFKA_ALL = "all";

    static final String TOPIC_EVENTS_CONFIG = "topic.events";
    private static final String TOPIC_EVENTS_DOC =
            "Topic of deliveries, clock ticks, agent profiles and operators' orders.";

    static final String TOPIC_COMMANDS_CONFIG = "topic.commands";
    private static final String TOPIC_COMMANDS_DOC = "Topic of commands.";

    public static final String TOPIC_DEAD_LETTERS_CONFIG = "topic.dead.letters";
    private static final String TOPIC_DEAD_LETTERS_DOC = "Topic of records that could not be read.";

    static final String TOPIC_AGENT_LOOKUPS_CONFIG = "topic.agent.lookups";
    private static final String TOPIC_AGENT_LOOKUPS_DOC =
            "Topic of the agents whose names and pictures are asked for; used only with an agent directory.";

    /** The settings with the name of a topic. */
    static final List<String> TOPIC_CONFIGS =
            List.of(TOPIC_EVENTS_CONFIG, TOPIC_COMMANDS_CONFIG, TOPIC_DEAD_LETTERS_CONFIG, TOPIC_AGENT_LOOKUPS_CONFIG);

    public static final String APPLICATION_ID_CONFIG = "application.id";
    private static final String APPLICATION_ID_DOC =
            "The name of streams-app on the cluster: its consumer group, and the prefix of its changelogs. The bridge"
                    + " compares their partitions with those of the events.";
    private static final String APPLICATION_ID_DEFAULT = "handover";

    static final String CONSUMER_LAG_MAX_MS_CONFIG = "consumer.lag.max.ms";
    private static final String CONSUMER_LAG_MAX_MS_DOC =
            "How long a consumer of the topics may lag; a topic that keeps its records for less is refused.";
    private static final long CONSUMER_LAG_MAX_MS_DEFAULT = 86_400_000;

    static final String TOPICS_FEW_REPLICAS_ALLOWED_CONFIG = "topics.few.replicas.allowed";
    private static final String TOPICS_FEW_REPLICAS_ALLOWED_DOC =
            "Whether fewer than 3 replicas, or fewer than 2 in-sync replicas, are normal here and cause no warning.";
    private static final boolean TOPICS_FEW_REPLICAS_ALLOWED_DEFAULT = false;

    public static final String TOPICS_CREATE_CONFIG = "topics.create";
    private static final String TOPICS_CREATE_DOC = "Whether missing topics are created, at the start and later.";
    private static final boolean TOPICS_CREATE_DEFAULT = false;

    public static final String TOPICS_PARTITIONS_CONFIG = "topics.partitions";
    private static final String TOPICS_PARTITIONS_DOC = "Number of partitions of a created topic.";
    private static final int TOPICS_PARTITIONS_DEFAULT = 4;

    public static final String TOPICS_REPLICATION_FACTOR_CONFIG = "topics.replication.factor";
    private static final String TOPICS_REPLICATION_FACTOR_DOC =
            "Replication factor of a created topic; -1 uses the default of the broker.";
    private static final short TOPICS_REPLICATION_FACTOR_DEFAULT = -1;

    public static final String LOG_FORMAT_CONFIG = "log.format";
    private static final String LOG_FORMAT_DOC =
            "Format of the log on standard error: text writes one line per event, json one JSON object per line.";
    private static final String LOG_FORMAT_ALIAS = "LOG_FORMAT";
    private static final String LOG_FORMAT_TEXT = "text";
    static final String LOG_FORMAT_JSON = "json";

    public static final String LOG_LEVEL_CONFIG = "log.level";
    private static final String LOG_LEVEL_DOC = "Minimum level of the log; for the Kafka clients it is always WARN.";
    private static final String LOG_LEVEL_ALIAS = "LOG_LEVEL";
    private static final String LOG_LEVEL_DEFAULT = "INFO";
    private static final List<String> LOG_LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    /** A second environment variable for some keys, by key. */
    static final Map<String, String> ALIASES =
            Map.of(LOG_FORMAT_CONFIG, LOG_FORMAT_ALIAS, LOG_LEVEL_CONFIG, LOG_LEVEL_ALIAS);

    private static final int LAST_PORT = 65_535;

    /** Kafka's own rule, without the names "." and "..", which are no files. */
    private static final Pattern TOPIC_NAME = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    private SharedSettings() {}

    /** Returns a new definition with the shared settings. Each process adds its own settings to it. */
    public static ConfigDef define(int managementPortDefault) {
        ConfigDef definition = new ConfigDef();
        defineConnections(definition, managementPortDefault);
        defineNames(definition);
        defineTopics(definition);
        defineLog(definition);
        return definition;
    }

    private static void defineConnections(ConfigDef definition, int managementPortDefault) {
        definition
                .define(
                        KAFKA_BOOTSTRAP_SERVERS_CONFIG,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        ConfigDef.Importance.HIGH,
                        KAFKA_BOOTSTRAP_SERVERS_DOC)
                .define(
                        MANAGEMENT_HOST_CONFIG,
                        ConfigDef.Type.STRING,
                        MANAGEMENT_HOST_DEFAULT,
                        new ConfigDef.NonEmptyString(),
                        ConfigDef.Importance.LOW,
                        MANAGEMENT_HOST_DOC)
                .define(
                        MANAGEMENT_PORT_CONFIG,
                        ConfigDef.Type.INT,
                        managementPortDefault,
                        port(),
                        ConfigDef.Importance.MEDIUM,
                        MANAGEMENT_PORT_DOC)
                .define(
                        METRICS_KAFKA_CONFIG,
                        ConfigDef.Type.STRING,
                        METRICS_KAFKA_SELECTED,
                        ConfigDef.ValidString.in(METRICS_KAFKA_SELECTED, METRICS_KAFKA_ALL),
                        ConfigDef.Importance.LOW,
                        METRICS_KAFKA_DOC);
    }

    private static void defineNames(ConfigDef definition) {
        defineTopic(definition, TOPIC_EVENTS_CONFIG, Topics.EVENTS, TOPIC_EVENTS_DOC);
        defineTopic(definition, TOPIC_COMMANDS_CONFIG, Topics.COMMANDS, TOPIC_COMMANDS_DOC);
        defineTopic(definition, TOPIC_DEAD_LETTERS_CONFIG, Topics.DEAD_LETTERS, TOPIC_DEAD_LETTERS_DOC);
        defineTopic(definition, TOPIC_AGENT_LOOKUPS_CONFIG, Topics.AGENT_LOOKUPS, TOPIC_AGENT_LOOKUPS_DOC);
        definition.define(
                APPLICATION_ID_CONFIG,
                ConfigDef.Type.STRING,
                APPLICATION_ID_DEFAULT,
                new ConfigDef.NonEmptyString(),
                ConfigDef.Importance.MEDIUM,
                APPLICATION_ID_DOC);
    }

    private static void defineTopic(ConfigDef definition, String key, String defaultName, String doc) {
        definition.define(
                key,
                ConfigDef.Type.STRING,
                defaultName,
                ConfigDef.LambdaValidator.with(SharedSettings::checkTopicName, () -> "the name of a Kafka topic"),
                ConfigDef.Importance.MEDIUM,
                doc);
    }

    private static void checkTopicName(String key, Object value) {
        if (!TOPIC_NAME.matcher(value.toString()).matches()) {
            throw new ConfigException(
                    key, value, "Value must have 1 to 249 letters, digits, dots, hyphens or underscores");
        }
    }

    private static void defineTopics(ConfigDef definition) {
        definition
                .define(
                        TOPICS_CREATE_CONFIG,
                        ConfigDef.Type.BOOLEAN,
                        TOPICS_CREATE_DEFAULT,
                        ConfigDef.Importance.MEDIUM,
                        TOPICS_CREATE_DOC)
                .define(
                        TOPICS_PARTITIONS_CONFIG,
                        ConfigDef.Type.INT,
                        TOPICS_PARTITIONS_DEFAULT,
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        TOPICS_PARTITIONS_DOC)
                .define(
                        TOPICS_REPLICATION_FACTOR_CONFIG,
                        ConfigDef.Type.SHORT,
                        TOPICS_REPLICATION_FACTOR_DEFAULT,
                        ConfigDef.LambdaValidator.with(
                                SharedSettings::checkReplicationFactor, () -> "-1 or at least 1"),
                        ConfigDef.Importance.LOW,
                        TOPICS_REPLICATION_FACTOR_DOC)
                .define(
                        TOPICS_FEW_REPLICAS_ALLOWED_CONFIG,
                        ConfigDef.Type.BOOLEAN,
                        TOPICS_FEW_REPLICAS_ALLOWED_DEFAULT,
                        ConfigDef.Importance.LOW,
                        TOPICS_FEW_REPLICAS_ALLOWED_DOC)
                .define(
                        CONSUMER_LAG_MAX_MS_CONFIG,
                        ConfigDef.Type.LONG,
                        CONSUMER_LAG_MAX_MS_DEFAULT,
                        ConfigDef.Range.atLeast(0),
                        ConfigDef.Importance.LOW,
                        CONSUMER_LAG_MAX_MS_DOC);
    }

    private static void defineLog(ConfigDef definition) {
        definition
                .define(
                        LOG_FORMAT_CONFIG,
                        ConfigDef.Type.STRING,
                        LOG_FORMAT_TEXT,
                        ConfigDef.ValidString.in(LOG_FORMAT_TEXT, LOG_FORMAT_JSON),
                        ConfigDef.Importance.MEDIUM,
                        LOG_FORMAT_DOC)
                .define(
                        LOG_LEVEL_CONFIG,
                        ConfigDef.Type.STRING,
                        LOG_LEVEL_DEFAULT,
                        ConfigDef.LambdaValidator.with(SharedSettings::checkLevel, LOG_LEVELS::toString),
                        ConfigDef.Importance.MEDIUM,
                        LOG_LEVEL_DOC);
    }

    /** Validates a port from 0 to 65535. The port 0 means any free port. */
    public static ConfigDef.Validator port() {
        return ConfigDef.Range.between(0, LAST_PORT);
    }

    private static void checkReplicationFactor(String key, Object value) {
        short factor = (Short) value;
        if (factor != TOPICS_REPLICATION_FACTOR_DEFAULT && factor < 1) {
            throw new ConfigException(key, value, "Value must be -1 or at least 1");
        }
    }

    /** Checks the log level. Lower case is valid too, as in logback. */
    private static void checkLevel(String key, Object value) {
        if (!LOG_LEVELS.contains(value.toString().toUpperCase(Locale.ROOT))) {
            throw new ConfigException(key, value, "String must be one of: " + String.join(", ", LOG_LEVELS));
        }
    }
}
