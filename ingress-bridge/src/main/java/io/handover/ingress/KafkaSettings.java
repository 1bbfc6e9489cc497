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
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The settings of the Kafka clients of the bridge. Settings of the user that would break a guarantee of the bridge are
 * rejected.
 */
final class KafkaSettings {

    static final String CLIENT_ID = "handover-ingress-bridge";
    private static final int DELIVERY_TIMEOUT_MS = 3_500;
    private static final int REQUEST_TIMEOUT_MS = 2_000;

    /** One day. Idle metadata would be removed after this time, but the Kafka check uses the topics more often. */
    private static final int METADATA_MAX_IDLE_MS = 24 * 60 * 60 * 1_000;

    private KafkaSettings() {}

    /** The names of all settings of the Kafka clients of the bridge. */
    static Set<String> names() {
        Set<String> names = new HashSet<>(ProducerConfig.configNames());
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
