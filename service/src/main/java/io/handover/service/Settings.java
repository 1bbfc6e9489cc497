package io.handover.service;

import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The checked settings of a process. Neither the log nor {@link #toString} ever shows a value. */
public final class Settings extends AbstractConfig {

    Settings(ConfigDef definition, Map<String, String> values) {
        super(definition, values, false);
    }

    /** The settings of the Kafka clients, as Kafka names them: without the prefix {@value SharedSettings#KAFKA_PREFIX}. */
    public Map<String, Object> kafka() {
        return originalsWithPrefix(SharedSettings.KAFKA_PREFIX);
    }

    @Override
    public String toString() {
        return "Settings" + values().keySet();
    }
}
