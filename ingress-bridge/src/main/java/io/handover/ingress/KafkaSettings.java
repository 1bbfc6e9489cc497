package io.handover.ingress;

import io.handover.service.ClusterNeeds;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The settings of the Kafka clients of the bridge. Settings of the user that would break a guarantee of the bridge are
 * rejected.
 */
final class KafkaSettings {

    static final String CLIENT_ID = "handover-ingress-bridge";
    static final String DIRECTORY_CLIENT_ID = CLIENT_ID + "-directory";
    private static final int DELIVERY_TIMEOUT_MS = 3_500;
    private static final int REQUEST_TIMEOUT_MS = 2_000;
    private static final int LOOKUP_SESSION_TIMEOUT_MS = 10_000;

    /** One day. Idle metadata would be removed after this time, but the Kafka check uses the topics more often. */
    private static final int METADATA_MAX_IDLE_MS = 24 * 60 * 60 * 1_000;

    /** Nobody waits for a profile, so a short failure of Kafka need not start the directory again. */
    private static final int PROFILE_DELIVERY_TIMEOUT_MS = 30_000;

    private static final int PROFILE_MAX_BLOCK_MS = 5_000;

    private KafkaSettings() {}

    /** The names of all settings of the Kafka clients of the bridge. */
    static Set<String> names() {
        Set<String> names = new HashSet<>(ProducerConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());
        return names;
    }

    /**
     * @throws SettingsException if a setting of the user would break a guarantee of the bridge, for example
     *     {@code acks=1}
     */
    static Map<String, Object> producer(Settings settings, int bodyMaxBytes) {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.CLIENT_ID_CONFIG, CLIENT_ID);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        // A send must not block the event loop. If the producer cannot buffer a record at once, the delivery is
        // answered with 503.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, METADATA_MAX_IDLE_MS);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, bodyMaxBytes + ClusterNeeds.ENVELOPE_BYTES);
        config.putAll(settings.kafka());
        requireOneOf(config, ProducerConfig.ACKS_CONFIG, Set.of("all", "-1"));
        requireOneOf(config, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, Set.of("true"));
        requireOneOf(config, ProducerConfig.MAX_BLOCK_MS_CONFIG, Set.of("0"));
        requireDeliveryTimeout(config);
        requireAbsent(config, ProducerConfig.PARTITIONER_CLASS_CONFIG);
        requireAbsent(config, ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG);
        if (config.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
            throw new SettingsException(SharedSettings.KAFKA_PREFIX + ProducerConfig.TRANSACTIONAL_ID_CONFIG
                    + " cannot be set. Each delivery is acknowledged on its own.");
        }
        return config;
    }

    /**
     * The settings of the producer of agent profiles. They are those of the producer of deliveries, but this producer may
     * block and wait.
     *
     * @throws SettingsException as {@link #producer}
     */
    static Map<String, Object> profileProducer(Settings settings, int bodyMaxBytes) {
        Map<String, Object> config = producer(settings, bodyMaxBytes);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, DIRECTORY_CLIENT_ID);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PROFILE_DELIVERY_TIMEOUT_MS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PROFILE_MAX_BLOCK_MS);
        return config;
    }

    /**
     * The settings of the consumer of agent lookups.
     *
     * @throws SettingsException if a setting of the user would lose lookups, or create their topic
     */
    static Map<String, Object> lookupConsumer(Settings settings) {
        Map<String, Object> fixed = Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                settings.getString(SharedSettings.APPLICATION_ID_CONFIG) + "-agent-directory",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                "false",
                // At its first start, the group also reads the lookups that are already there.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                "false");
        Map<String, Object> config = new HashMap<>();
        // With Kafka's default, the lookups of a bridge that was killed would wait 45 s for another one. Another group
        // protocol does not have this setting.
        if (!settings.kafka().containsKey(ConsumerConfig.GROUP_PROTOCOL_CONFIG)) {
            config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, LOOKUP_SESSION_TIMEOUT_MS);
        }
        config.putAll(settings.kafka());
        fixed.forEach((key, value) -> {
            if (!value.equals(config.getOrDefault(key, value))) {
                throw new SettingsException(SharedSettings.KAFKA_PREFIX + key
                        + " cannot be set: for the agent directory it is always " + value + '.');
            }
        });
        config.putAll(fixed);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, DIRECTORY_CLIENT_ID + "-lookups");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, LookupConsumer.MAX_POLL_RECORDS);
        return config;
    }

    private static void requireOneOf(Map<String, Object> config, String key, Set<String> allowed) {
        String value = String.valueOf(config.get(key)).trim().toLowerCase(Locale.ROOT);
        if (!allowed.contains(value)) {
            throw new SettingsException(SharedSettings.KAFKA_PREFIX + key + " must be "
                    + String.join(" or ", allowed.stream().sorted().toList())
                    + ". Otherwise an acknowledged delivery could be lost, or a request could block.");
        }
    }

    private static void requireAbsent(Map<String, Object> config, String key) {
        if (config.containsKey(key)) {
            throw new SettingsException(SharedSettings.KAFKA_PREFIX + key
                    + " cannot be set. The events of a conversation must be in one partition.");
        }
    }

    private static void requireDeliveryTimeout(Map<String, Object> config) {
        String key = SharedSettings.KAFKA_PREFIX + ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
        try {
            long value = Long.parseLong(String.valueOf(config.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG))
                    .trim());
            if (value > HttpSettings.ANSWER_TIMEOUT_MS_LIMIT) {
                throw new SettingsException(key + " must be at most " + HttpSettings.ANSWER_TIMEOUT_MS_LIMIT
                        + ". The sender gives up after 5 seconds.");
            }
        } catch (NumberFormatException e) {
            throw new SettingsException(key + " must be a number of milliseconds.", e);
        }
    }
}
