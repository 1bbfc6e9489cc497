package io.handover.streams;

import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import io.handover.service.StreamsAppSettings;
import io.handover.service.TopicNames;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Maps the settings to the configuration of Kafka Streams. */
public final class StreamsProperties {

    /** The limit for a request of the producer. A dead letter can be as large as the largest delivery, plus headers. */
    private static final int MAX_REQUEST_BYTES = 2 * 1024 * 1024;

    /**
     * Measured with {@code ./handover benchmark}; docs/tuning.md has the figures. A setting can change each. The names have
     * no prefix: one would win over a setting without a prefix.
     */
    private static final Map<String, String> TUNED = Map.of(
            // A batch of 16 KB, the default, has 40 states, and each batch costs the client and the broker the same.
            ProducerConfig.BATCH_SIZE_CONFIG,
            "262144",
            // The states of one conversation and the commands are much alike.
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            // A thread commits and punctuates when its poll returns.
            StreamsConfig.POLL_MS_CONFIG,
            "10",
            // A task has one input partition, so it has no other one to wait for. With the default of 0, Kafka Streams
            // builds a set for each record, and two texts at each look for records where there are none.
            StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
            "-1",
            // The broker compacts closed segments only. With its default of 1 GB, a restore would read all states that
            // were written in a week.
            StreamsConfig.topicPrefix(TopicConfig.SEGMENT_BYTES_CONFIG),
            "67108864");

    /**
     * Properties that no setting may change. Without exactly-once, a crash could lose a command whose event is already
     * marked as applied.
     */
    private static final Map<String, String> FIXED = Map.of(
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.EXACTLY_ONCE_V2,
            StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
            DeadLetterHandler.class.getName(),
            StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG,
            RefusedRecordHandler.class.getName(),
            StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
            MisplacedRecordHandler.class.getName(),
            StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG,
            "true");

    /** Properties that have a setting of their own: the property, and the name of the setting. */
    private static final Map<String, String> OWN = Map.of(
            StreamsConfig.APPLICATION_SERVER_CONFIG, StreamsAppSettings.MANAGEMENT_ADVERTISED_ADDRESS_CONFIG,
            StreamsConfig.APPLICATION_ID_CONFIG, SharedSettings.APPLICATION_ID_CONFIG,
            StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, SharedSettings.TOPIC_DEAD_LETTERS_CONFIG,
            StreamsConfig.STATE_DIR_CONFIG, StreamsAppSettings.STATE_DIR_CONFIG,
            StreamsConfig.NUM_STREAM_THREADS_CONFIG, StreamsAppSettings.THREADS_CONFIG);

    /** The prefixes with which a setting of a client, or of the internal topics, is a setting of Kafka Streams. */
    private static final Map<String, Set<String>> PREFIXED = Map.of(
            StreamsConfig.CONSUMER_PREFIX, ConsumerConfig.configNames(),
            StreamsConfig.MAIN_CONSUMER_PREFIX, ConsumerConfig.configNames(),
            StreamsConfig.RESTORE_CONSUMER_PREFIX, ConsumerConfig.configNames(),
            StreamsConfig.GLOBAL_CONSUMER_PREFIX, ConsumerConfig.configNames(),
            StreamsConfig.PRODUCER_PREFIX, ProducerConfig.configNames(),
            StreamsConfig.ADMIN_CLIENT_PREFIX, AdminClientConfig.configNames(),
            StreamsConfig.TOPIC_PREFIX, topicNames());

    private StreamsProperties() {}

    /** The names of all settings of Kafka Streams and its clients. */
    static Set<String> names() {
        Set<String> names = new HashSet<>(StreamsConfig.configDef().names());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(ProducerConfig.configNames());
        names.addAll(AdminClientConfig.configNames());
        PREFIXED.forEach((prefix, unprefixed) -> unprefixed.forEach(name -> names.add(prefix + name)));
        return names;
    }

    /** The settings of a topic. Kafka has no list of them for clients. */
    private static Set<String> topicNames() {
        Set<String> names = new HashSet<>();
        for (Field field : TopicConfig.class.getFields()) {
            if (field.getName().endsWith("_CONFIG")) {
                try {
                    names.add((String) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("Expected a public constant, but got " + field, e);
                }
            }
        }
        return Set.copyOf(names);
    }

    /**
     * The configuration of Kafka Streams.
     *
     * @throws SettingsException if a Kafka setting would change a fixed property
     */
    public static Properties of(Settings settings) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_REQUEST_BYTES);
        properties.putAll(TUNED);
        // At its first start, the application also reads the deliveries that are already in the topic.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        settings.kafka().forEach((key, value) -> {
            if (FIXED.containsKey(key)) {
                throw new SettingsException("kafka." + key + " cannot be set: it is always " + FIXED.get(key) + '.');
            }
            if (OWN.containsKey(key)) {
                throw new SettingsException("kafka." + key + " cannot be set. Set " + OWN.get(key) + " instead.");
            }
            properties.put(key, value);
        });
        properties.putAll(FIXED);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.getString(SharedSettings.APPLICATION_ID_CONFIG));
        properties.put(
                StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG,
                TopicNames.of(settings).deadLetters());
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                Path.of(settings.getString(StreamsAppSettings.STATE_DIR_CONFIG))
                        .toAbsolutePath()
                        .toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.getInt(StreamsAppSettings.THREADS_CONFIG));
        return properties;
    }
}
