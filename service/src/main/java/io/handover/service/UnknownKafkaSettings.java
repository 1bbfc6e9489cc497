package io.handover.service;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Warns of {@code kafka.*} settings that no Kafka client of the process has, because such a name may be mistyped. They
 * are passed on all the same: plug-ins, for example of an authentication, have keys of their own.
 */
public final class UnknownKafkaSettings {

    private static final Logger LOG = LoggerFactory.getLogger(UnknownKafkaSettings.class);

    private UnknownKafkaSettings() {}

    /**
     * Logs a warning per unknown setting, with the most similar known name if there is one.
     *
     * @param known the names of the settings of all Kafka clients of the process, without the prefix
     *     {@value SharedSettings#KAFKA_PREFIX}
     */
    public static void warn(Settings settings, Set<String> known) {
        for (String key : new TreeSet<>(settings.kafka().keySet())) {
            if (!known.contains(key)) {
                LoggingEventBuilder warning = LOG.atWarn().addKeyValue("name", SharedSettings.KAFKA_PREFIX + key);
                Optional<String> nearest = NearestKey.to(key, known);
                if (nearest.isPresent()) {
                    warning = warning.addKeyValue("nearest", SharedSettings.KAFKA_PREFIX + nearest.get());
                }
                warning.log("Unknown Kafka setting, check its name unless a plug-in uses it");
            }
        }
    }
}
