package io.handover.service;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import org.slf4j.LoggerFactory;

/**
 * The log of a process: plain text until the settings are known, then as they want it. For that {@code logback.xml}, or
 * the file that an operator names by {@code -Dlogback.configurationFile}, is read again, and finds {@code log.format}
 * and {@code log.level} as properties.
 */
final class Logging {

    private Logging() {}

    /** Makes the log as the settings want it. */
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

    /** Whether the settings are known, and want JSON. */
    static boolean isJson() {
        return SharedSettings.LOG_FORMAT_JSON.equals(context().getProperty(SharedSettings.LOG_FORMAT_CONFIG));
    }

    /** Writes what waits, for as long as {@code logback.xml} allows. What is logged afterwards is lost. */
    static void stop() {
        context().stop();
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
