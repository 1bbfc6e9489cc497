package io.handover.service;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/** Thrown if a process cannot start with its settings. The message names the key and contains no secret. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }

    public SettingsException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Wraps the exception of a Kafka client that rejects its settings. */
    public static SettingsException ofClient(KafkaException e) {
        Throwable reason = e.getCause() == null ? e : e.getCause();
        return new SettingsException("The Kafka client rejected its settings: " + reason.getMessage(), e);
    }

    /** Wraps an exception about one setting. The message of Kafka names the key and hides a password. */
    public static SettingsException of(ConfigException e) {
        return new SettingsException(String.valueOf(e.getMessage()), e);
    }
}
