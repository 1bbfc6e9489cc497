package io.handover.service;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import org.slf4j.LoggerFactory;

/**
 * Configures the log of a process. Until the settings are loaded, the log is plain text. {@link #configure(Settings)}
 * reads {@code logback.xml}, or the file in {@code -Dlogback.configurationFile}, again with {@code log.format} and
 * {@code log.level} as properties.
 */
final class Logging {

    private Logging() {}

    /** Configures the format and the level of the log from the settings. */
    static void configure(Settings settings) {
        configure(
                context(),
                settings.getString(SharedSettings.LOG_FORMAT_CONFIG),
                settings.getString(SharedSettings.LOG_LEVEL_CONFIG));
    }

    static void configure(LoggerContext context, String format, String level) {
        context.reset();
        context.putProperty(SharedSettings.LOG_FORMAT_CONFIG, format);
        context.putProperty(SharedSettings.LOG_LEVEL_CONFIG, level);
        try {
            new ContextInitializer(context).autoConfig();
        } catch (JoranException e) {
            throw new StartException("The log cannot be configured: " + e.getMessage(), e);
        }
    }

    /** Whether the log is JSON. False before {@link #configure(Settings)}. */
    static boolean isJson() {
        return SharedSettings.LOG_FORMAT_JSON.equals(context().getProperty(SharedSettings.LOG_FORMAT_CONFIG));
    }

    /**
     * Writes the queued log events and stops the log. Events are lost if writing takes longer than {@code maxFlushTime}
     * in {@code logback.xml}, and all later events are lost.
     */
    static void stop() {
        context().stop();
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
