package io.handover.service;

import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The validated settings of a process. No value is written to the log or returned by {@link #toString}. */
public final class Settings extends AbstractConfig {

    Settings(ConfigDef definition, Map<String, String> values) {
        super(definition, values, false);
    }

    /** Returns the settings of the Kafka clients. Their keys have no prefix {@value SharedSettings#KAFKA_PREFIX}. */
    public Map<String, Object> kafka() {
        return originalsWithPrefix(SharedSettings.KAFKA_PREFIX);
    }

    @Override
    public String toString() {
        return "Settings" + values().keySet();
    }
}
