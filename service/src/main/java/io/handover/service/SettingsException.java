package io.handover.service;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/** Settings that a process cannot start with. The message is one sentence that names the key, and shows no secret. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingsException(String sentence) {
        super(sentence);
    }

    public SettingsException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** What a Kafka client says of settings that it cannot start with; the reason is in its cause. */
    public static SettingsException ofClient(KafkaException e) {
        Throwable reason = e.getCause() == null ? e : e.getCause();
        return new SettingsException("The Kafka settings are refused: " + reason.getMessage(), e);
    }

    /** What Kafka says of a value: its message names the key, and shows a password as hidden. */
    public static SettingsException of(ConfigException e) {
        return new SettingsException(String.valueOf(e.getMessage()), e);
    }
}
