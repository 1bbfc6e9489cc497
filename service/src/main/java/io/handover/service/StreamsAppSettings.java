package io.handover.service;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.handover.conversation.ProfilePolicy;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.TransferPolicy.AnnounceOn;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.CustomerAddress.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the streams-app, and the {@link TransferPolicy} in them. This class is not in the module of the
 * streams-app, because the tools use the same settings without Kafka Streams.
 */
public final class StreamsAppSettings {

    public static final String STATE_DIR_CONFIG = "state.dir";
    private static final String STATE_DIR_DOC =
            "The folder of the state stores. What is lost there is restored from Kafka.";
    private static final String STATE_DIR_DEFAULT = "handover-state";

    public static final String THREADS_CONFIG = "threads";
    private static final String THREADS_DOC = "Stream threads of this instance; more than partitions are idle.";
    private static final int THREADS_DEFAULT = 2;

    public static final String STATE_MEMORY_MAX_BYTES_CONFIG = "state.memory.max.bytes";
    private static final String STATE_MEMORY_MAX_BYTES_DOC =
            "Memory outside the Java heap for the write buffers of all state stores of this instance together. The page"
                    + " cache of the operating system holds what is read from the stores.";
    private static final long STATE_MEMORY_MAX_BYTES_DEFAULT = 128L * 1024 * 1024;
    private static final long STATE_MEMORY_MAX_BYTES_MIN = 8L * 1024 * 1024;

    public static final String MANAGEMENT_ADVERTISED_ADDRESS_CONFIG = "management.advertised.address";
    private static final String MANAGEMENT_ADVERTISED_ADDRESS_DOC =
            "host:port at which the other instances reach the management port of this one; without it, the host name of"
                    + " the machine and management.port.";

    public static final String MANAGEMENT_READ_TOKENS_CONFIG = "management.read.tokens";
    private static final String MANAGEMENT_READ_TOKENS_DOC =
            "Token with which operators read conversations, or two during a rotation, separated by a comma. Without any"
                    + " token, only health, metrics and the files of the page are served.";

    public static final String MANAGEMENT_READ_TOKENS_FILE_CONFIG = "management.read.tokens.file";
    private static final String MANAGEMENT_READ_TOKENS_FILE_DOC =
            "File with the read token instead, or with two, one per line. It is reloaded when it changes.";

    public static final String MANAGEMENT_STEER_TOKENS_CONFIG = "management.steer.tokens";
    private static final String MANAGEMENT_STEER_TOKENS_DOC =
            "Token with which operators also give orders, or two during a rotation, separated by a comma. Without one,"
                    + " every order is refused.";

    public static final String MANAGEMENT_STEER_TOKENS_FILE_CONFIG = "management.steer.tokens.file";
    private static final String MANAGEMENT_STEER_TOKENS_FILE_DOC =
            "File with the steer token instead, or with two, one per line. It is reloaded when it changes.";

    public static final String MANAGEMENT_TLS_CERTIFICATE_FILE_CONFIG = "management.tls.certificate.file";
    private static final String MANAGEMENT_TLS_CERTIFICATE_FILE_DOC =
            "PEM file with the certificate of the management port and its intermediate certificates, for HTTPS. It is"
                    + " reloaded when it changes. Without it the port uses plain HTTP.";

    public static final String MANAGEMENT_TLS_KEY_FILE_CONFIG = "management.tls.key.file";
    private static final String MANAGEMENT_TLS_KEY_FILE_DOC =
            "PEM file with the unencrypted private key of the certificate. It is reloaded when it changes.";

    public static final String MANAGEMENT_TLS_TRUST_FILE_CONFIG = "management.tls.trust.file";
    private static final String MANAGEMENT_TLS_TRUST_FILE_DOC =
            "PEM file with the certificates that this instance trusts when it asks another one; without it, those that"
                    + " Java trusts.";

    static final String TRANSFER_TIMEOUT_MS_CONFIG = "transfer.timeout.ms";
    private static final String TRANSFER_TIMEOUT_MS_ALIAS = "GENESYS_OM_HANDOVER_ACW_AFTER_TRANSFER_TIMEOUT_IN_MS";
    private static final String TRANSFER_TIMEOUT_MS_DOC =
            "How long an end is held because the chat may only be moving between queues.";

    static final String AFTER_CALL_WORK_TIMEOUT_MS_CONFIG = "after.call.work.timeout.ms";
    private static final String AFTER_CALL_WORK_TIMEOUT_MS_DOC =
            "How long an agent who left is given to wrap up before the handover ends without it.";

    static final String OUT_OF_ORDER_GRACE_MS_CONFIG = "out.of.order.grace.ms";
    private static final String OUT_OF_ORDER_GRACE_MS_DOC =
            "How long an end concluded from agents' events waits for a late event that refutes it.";

    static final String END_EVIDENCE_CONFIG = "end.evidence";
    private static final String END_EVIDENCE_DOC =
            "What may end a handover. customer-end alone waits for the customer's session to end, whatever agents do.";
    private static final String CUSTOMER_END = "customer-end";
    private static final String AFTER_CALL_WORK = "after-call-work";

    static final String AGENT_ANNOUNCE_ON_CONFIG = "agent.announce.on";
    private static final String AGENT_ANNOUNCE_ON_DOC =
            "When an agent is announced: start = when alerted, at once, but the agent may decline; answer = when"
                    + " answering from a queue (needs the topic acd.end), and when alerted without a queue.";
    private static final String START = "start";
    private static final String ANSWER = "answer";

    static final String CONVERSATION_RETENTION_MS_CONFIG = "conversation.retention.ms";
    private static final String CONVERSATION_RETENTION_MS_DOC =
            "How long a conversation is remembered after its newest event, and how old an event may be when it arrives."
                    + " Genesys delivers again for up to 4 days.";

    static final String HANDOVER_MAX_IDLE_MS_CONFIG = "handover.max.idle.ms";
    private static final String HANDOVER_MAX_IDLE_MS_DOC =
            "After how long without any event an open handover ends by itself; 0 for never.";

    static final String AGENT_EVENTS_USER_ID_CONFIG = "agent.events.user.id";
    private static final String AGENT_EVENTS_USER_ID_DOC =
            "Which address of an agent's event is the customer's Open Messaging id.";

    static final String CUSTOMER_EVENTS_USER_ID_CONFIG = "customer.events.user.id";
    private static final String CUSTOMER_EVENTS_USER_ID_DOC =
            "Which address of a customer's event is the customer's Open Messaging id.";

    public static final String AGENT_PROFILES_CONFIG = "agent.profiles";
    private static final String AGENT_PROFILES_DOC =
            "Whether agent-updated contains name and picture: on asks the agent directory of ingress-bridge for them.";
    private static final String ON = "on";
    private static final String OFF = "off";

    static final String AGENT_PROFILE_REFRESH_MS_CONFIG = "agent.profile.refresh.ms";
    private static final String AGENT_PROFILE_REFRESH_MS_DOC =
            "After how long a known name and picture are asked for again, at the next announcement of the agent.";

    static final String AGENT_PROFILE_RETENTION_MS_CONFIG = "agent.profile.retention.ms";
    private static final String AGENT_PROFILE_RETENTION_MS_DOC =
            "After how long without a new answer of the directory a name and picture are forgotten.";

    /**
     * The settings that influence decisions. {@link #policy} and {@link #customerAddress} read exactly these keys.
     */
    public static final List<String> DECIDING = List.of(
            TRANSFER_TIMEOUT_MS_CONFIG,
            AFTER_CALL_WORK_TIMEOUT_MS_CONFIG,
            OUT_OF_ORDER_GRACE_MS_CONFIG,
            END_EVIDENCE_CONFIG,
            AGENT_ANNOUNCE_ON_CONFIG,
            CONVERSATION_RETENTION_MS_CONFIG,
            HANDOVER_MAX_IDLE_MS_CONFIG,
            AGENT_PROFILES_CONFIG,
            AGENT_PROFILE_REFRESH_MS_CONFIG,
            AGENT_PROFILE_RETENTION_MS_CONFIG,
            AGENT_EVENTS_USER_ID_CONFIG,
            CUSTOMER_EVENTS_USER_ID_CONFIG);

    private static final int MANAGEMENT_PORT_DEFAULT = 8082;

    private StreamsAppSettings() {}

    /** Returns the definition of all settings of the streams-app. */
    public static SettingsDefinition definition() {
        TransferPolicy policy = TransferPolicy.DEFAULT;
        ConfigDef definition = SharedSettings.define(MANAGEMENT_PORT_DEFAULT)
                .define(STATE_DIR_CONFIG, STRING, STATE_DIR_DEFAULT, nonEmpty(), MEDIUM, STATE_DIR_DOC)
                .define(THREADS_CONFIG, INT, THREADS_DEFAULT, Range.between(1, 64), LOW, THREADS_DOC)
                .define(
                        STATE_MEMORY_MAX_BYTES_CONFIG,
                        LONG,
                        STATE_MEMORY_MAX_BYTES_DEFAULT,
                        Range.atLeast(STATE_MEMORY_MAX_BYTES_MIN),
                        LOW,
                        STATE_MEMORY_MAX_BYTES_DOC);
        defineManagement(definition);
        defineTime(definition, TRANSFER_TIMEOUT_MS_CONFIG, policy.transferTimeoutMs(), TRANSFER_TIMEOUT_MS_DOC);
        defineTime(
                definition,
                AFTER_CALL_WORK_TIMEOUT_MS_CONFIG,
                policy.afterCallWorkTimeoutMs(),
                AFTER_CALL_WORK_TIMEOUT_MS_DOC);
        defineTime(definition, OUT_OF_ORDER_GRACE_MS_CONFIG, policy.outOfOrderGraceMs(), OUT_OF_ORDER_GRACE_MS_DOC);
        definition
                .define(
                        END_EVIDENCE_CONFIG,
                        LIST,
                        List.of(CUSTOMER_END, AFTER_CALL_WORK),
                        ValidList.in(false, CUSTOMER_END, AFTER_CALL_WORK),
                        HIGH,
                        END_EVIDENCE_DOC)
                .define(
                        AGENT_ANNOUNCE_ON_CONFIG,
                        STRING,
                        START,
                        ValidString.in(START, ANSWER),
                        MEDIUM,
                        AGENT_ANNOUNCE_ON_DOC);
        defineTime(definition, CONVERSATION_RETENTION_MS_CONFIG, policy.retentionMs(), CONVERSATION_RETENTION_MS_DOC);
        defineTime(definition, HANDOVER_MAX_IDLE_MS_CONFIG, policy.maxIdleMs(), HANDOVER_MAX_IDLE_MS_DOC);
        ProfilePolicy profiles = ProfilePolicy.DEFAULT;
        definition.define(AGENT_PROFILES_CONFIG, STRING, OFF, ValidString.in(OFF, ON), MEDIUM, AGENT_PROFILES_DOC);
        defineTime(definition, AGENT_PROFILE_REFRESH_MS_CONFIG, profiles.refreshMs(), AGENT_PROFILE_REFRESH_MS_DOC);
        defineTime(
                definition, AGENT_PROFILE_RETENTION_MS_CONFIG, profiles.retentionMs(), AGENT_PROFILE_RETENTION_MS_DOC);
        defineAddress(
                definition, AGENT_EVENTS_USER_ID_CONFIG, CustomerAddress.DEFAULT.ofAgents(), AGENT_EVENTS_USER_ID_DOC);
        defineAddress(
                definition,
                CUSTOMER_EVENTS_USER_ID_CONFIG,
                CustomerAddress.DEFAULT.ofCustomers(),
                CUSTOMER_EVENTS_USER_ID_DOC);
        return new SettingsDefinition(definition, Map.of(TRANSFER_TIMEOUT_MS_CONFIG, TRANSFER_TIMEOUT_MS_ALIAS));
    }

    private static void defineManagement(ConfigDef definition) {
        definition
                .define(
                        MANAGEMENT_ADVERTISED_ADDRESS_CONFIG,
                        STRING,
                        null,
                        LambdaValidator.with(StreamsAppSettings::checkAddress, () -> "host:port"),
                        MEDIUM,
                        MANAGEMENT_ADVERTISED_ADDRESS_DOC)
                .define(MANAGEMENT_READ_TOKENS_CONFIG, PASSWORD, null, tokens(), MEDIUM, MANAGEMENT_READ_TOKENS_DOC)
                .define(MANAGEMENT_READ_TOKENS_FILE_CONFIG, STRING, null, MEDIUM, MANAGEMENT_READ_TOKENS_FILE_DOC)
                .define(MANAGEMENT_STEER_TOKENS_CONFIG, PASSWORD, null, tokens(), MEDIUM, MANAGEMENT_STEER_TOKENS_DOC)
                .define(MANAGEMENT_STEER_TOKENS_FILE_CONFIG, STRING, null, MEDIUM, MANAGEMENT_STEER_TOKENS_FILE_DOC)
                .define(
                        MANAGEMENT_TLS_CERTIFICATE_FILE_CONFIG,
                        STRING,
                        null,
                        MEDIUM,
                        MANAGEMENT_TLS_CERTIFICATE_FILE_DOC)
                .define(MANAGEMENT_TLS_KEY_FILE_CONFIG, STRING, null, MEDIUM, MANAGEMENT_TLS_KEY_FILE_DOC)
                .define(MANAGEMENT_TLS_TRUST_FILE_CONFIG, STRING, null, LOW, MANAGEMENT_TLS_TRUST_FILE_DOC);
    }

    private static ConfigDef.Validator tokens() {
        return LambdaValidator.with(
                StreamsAppSettings::checkTokens, () -> "one or two tokens of visible ASCII characters");
    }

    private static void checkTokens(String name, @Nullable Object value) {
        if (value instanceof Password tokens) {
            try {
                List<byte[]> unused = tokens(tokens);
            } catch (SettingsException e) {
                throw new ConfigException(name, value, "Value must be one token, or two separated by a comma");
            }
        }
    }

    /** Returns the tokens in a setting: one, or two separated by a comma. */
    public static List<byte[]> tokens(Password setting) {
        return Secrets.parse(setting.value().replace(',', '\n').getBytes(StandardCharsets.UTF_8));
    }

    private static void checkAddress(String name, @Nullable Object value) {
        if (value != null && (Utils.getHost(value.toString()) == null || Utils.getPort(value.toString()) == null)) {
            throw new ConfigException(name, value, "Value must be host:port");
        }
    }

    private static ConfigDef.Validator nonEmpty() {
        return new ConfigDef.NonEmptyString();
    }

    /** Defines a duration in milliseconds. It is limited to 366 days, so that no sum of times overflows. */
    private static void defineTime(ConfigDef definition, String key, long defaultMs, String doc) {
        definition.define(key, LONG, defaultMs, Range.between(0, 366 * 86_400_000L), MEDIUM, doc);
    }

    private static void defineAddress(ConfigDef definition, String key, Field defaultField, String doc) {
        String[] labels = Arrays.stream(Field.values()).map(Field::label).toArray(String[]::new);
        definition.define(key, STRING, defaultField.label(), ValidString.in(labels), LOW, doc);
    }

    /**
     * Returns how the settings use the profiles of agents.
     *
     * @throws SettingsException if two settings contradict each other
     */
    static ProfilePolicy profiles(Settings settings) {
        long refresh = settings.getLong(AGENT_PROFILE_REFRESH_MS_CONFIG);
        long retention = settings.getLong(AGENT_PROFILE_RETENTION_MS_CONFIG);
        if (refresh >= retention) {
            throw new SettingsException(AGENT_PROFILE_RETENTION_MS_CONFIG + " (" + retention + ") must be longer than "
                    + AGENT_PROFILE_REFRESH_MS_CONFIG + " (" + refresh
                    + "), or a profile is forgotten before it is refreshed.");
        }
        return new ProfilePolicy(settings.getString(AGENT_PROFILES_CONFIG).equals(ON), refresh, retention);
    }

    /**
     * Returns the policy that the settings define.
     *
     * @throws SettingsException if two settings contradict each other
     */
    public static TransferPolicy policy(Settings settings) {
        long retention = settings.getLong(CONVERSATION_RETENTION_MS_CONFIG);
        for (String key : List.of(
                TRANSFER_TIMEOUT_MS_CONFIG,
                AFTER_CALL_WORK_TIMEOUT_MS_CONFIG,
                OUT_OF_ORDER_GRACE_MS_CONFIG,
                HANDOVER_MAX_IDLE_MS_CONFIG)) {
            if (settings.getLong(key) >= retention) {
                throw new SettingsException(CONVERSATION_RETENTION_MS_CONFIG + " (" + retention
                        + ") must be longer than " + key + " (" + settings.getLong(key)
                        + "), or the conversation is forgotten before it ends.");
            }
        }
        List<String> evidence = settings.getList(END_EVIDENCE_CONFIG);
        return new TransferPolicy(
                settings.getLong(TRANSFER_TIMEOUT_MS_CONFIG),
                settings.getLong(AFTER_CALL_WORK_TIMEOUT_MS_CONFIG),
                settings.getLong(OUT_OF_ORDER_GRACE_MS_CONFIG),
                evidence.contains(CUSTOMER_END),
                evidence.contains(AFTER_CALL_WORK),
                settings.getString(AGENT_ANNOUNCE_ON_CONFIG).equals(ANSWER) ? AnnounceOn.ANSWER : AnnounceOn.START,
                retention,
                settings.getLong(HANDOVER_MAX_IDLE_MS_CONFIG),
                profiles(settings));
    }

    /** Returns which address field of an event contains the customer's id, according to the settings. */
    public static CustomerAddress customerAddress(Settings settings) {
        return new CustomerAddress(
                field(settings.getString(AGENT_EVENTS_USER_ID_CONFIG)),
                field(settings.getString(CUSTOMER_EVENTS_USER_ID_CONFIG)));
    }

    private static Field field(String label) {
        return Arrays.stream(Field.values())
                .filter(field -> field.label().equals(label))
                .findFirst()
                .orElseThrow();
    }
}
