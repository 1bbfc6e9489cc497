package io.handover.service;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The settings that both processes have. */
public final class SharedSettings {

    /** What starts so goes to the Kafka clients as it is. */
    public static final String KAFKA_PREFIX = "kafka.";

    public static final String KAFKA_BOOTSTRAP_SERVERS_CONFIG = "kafka.bootstrap.servers";
    private static final String KAFKA_BOOTSTRAP_SERVERS_DOC = "Where Kafka is: host:port, several with commas.";

    public static final String MANAGEMENT_HOST_CONFIG = "management.host";
    private static final String MANAGEMENT_HOST_DOC = "The address that health and metrics listen on.";
    private static final String MANAGEMENT_HOST_DEFAULT = "0.0.0.0";

    public static final String MANAGEMENT_PORT_CONFIG = "management.port";
    private static final String MANAGEMENT_PORT_DOC = "The port of health and metrics; 0 takes a free one.";

    public static final String TOPICS_CREATE_CONFIG = "topics.create";
    private static final String TOPICS_CREATE_DOC = "Whether to create the missing topics at the start.";
    private static final boolean TOPICS_CREATE_DEFAULT = false;

    public static final String TOPICS_PARTITIONS_CONFIG = "topics.partitions";
    private static final String TOPICS_PARTITIONS_DOC = "Partitions of a topic that is created.";
    private static final int TOPICS_PARTITIONS_DEFAULT = 4;

    public static final String TOPICS_REPLICATION_FACTOR_CONFIG = "topics.replication.factor";
    private static final String TOPICS_REPLICATION_FACTOR_DOC =
            "Replication factor of a topic that is created; -1 takes the broker's default.";
    private static final short TOPICS_REPLICATION_FACTOR_DEFAULT = -1;

    public static final String LOG_FORMAT_CONFIG = "log.format";
    private static final String LOG_FORMAT_DOC =
            "How the log on standard error is written: text, a line an event, or json, an object a line.";
    private static final String LOG_FORMAT_ALIAS = "LOG_FORMAT";
    private static final String LOG_FORMAT_TEXT = "text";
    static final String LOG_FORMAT_JSON = "json";

    public static final String LOG_LEVEL_CONFIG = "log.level";
    private static final String LOG_LEVEL_DOC =
            "The least severity that is logged; of the Kafka clients always WARN and above.";
    private static final String LOG_LEVEL_ALIAS = "LOG_LEVEL";
    private static final String LOG_LEVEL_DEFAULT = "INFO";
    private static final List<String> LOG_LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    /** The second names of these keys in the environment. */
    static final Map<String, String> ALIASES =
            Map.of(LOG_FORMAT_CONFIG, LOG_FORMAT_ALIAS, LOG_LEVEL_CONFIG, LOG_LEVEL_ALIAS);

    private static final int LAST_PORT = 65_535;

    private SharedSettings() {}

    /** A definition that starts with the shared settings; each process adds its own. */
    public static ConfigDef define(int managementPortDefault) {
        ConfigDef definition = new ConfigDef();
        defineConnections(definition, managementPortDefault);
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
                        MANAGEMENT_PORT_DOC);
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
                        TOPICS_REPLICATION_FACTOR_DOC);
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

    /** What a port may be; 0 takes a free one. */
    public static ConfigDef.Validator port() {
        return ConfigDef.Range.between(0, LAST_PORT);
    }

    private static void checkReplicationFactor(String key, Object value) {
        short factor = (Short) value;
        if (factor != TOPICS_REPLICATION_FACTOR_DEFAULT && factor < 1) {
            throw new ConfigException(key, value, "Value must be -1 or at least 1");
        }
    }

    /** In small letters too, as logback takes it. */
    private static void checkLevel(String key, Object value) {
        if (!LOG_LEVELS.contains(value.toString().toUpperCase(Locale.ROOT))) {
            throw new ConfigException(key, value, "String must be one of: " + String.join(", ", LOG_LEVELS));
        }
    }
}
