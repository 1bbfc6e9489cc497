package io.handover.history.backtest;

import io.handover.terminal.DurationConverter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * One setting in the list of {@code --compare}. The user writes a transfer timeout like {@code 20s}, or a key and a
 * value like {@code after.call.work.timeout.ms=60000}, or several of these joined by {@code +}.
 *
 * @param name the text that the user wrote
 * @param settings the values by key, such as {@code transfer.timeout.ms}
 */
record ComparedSetting(String name, Map<String, String> settings) {

    private static final String TRANSFER_TIMEOUT = "transfer.timeout.ms";

    static final class Converter implements ITypeConverter<ComparedSetting> {

        private final DurationConverter durations = new DurationConverter();

        @Override
        public ComparedSetting convert(String text) {
            Map<String, String> settings = new LinkedHashMap<>();
            for (String part : text.split("\\+", -1)) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    settings.put(part.substring(0, equals), part.substring(equals + 1));
                } else {
                    settings.put(TRANSFER_TIMEOUT, String.valueOf(timeout(part)));
                }
            }
            return new ComparedSetting(text, settings);
        }

        private long timeout(String text) {
            try {
                return durations.convert(text).toMillis();
            } catch (TypeConversionException e) {
                throw new TypeConversionException(
                        "'" + text + "' is neither a transfer timeout like 20s nor KEY=VALUE of streams-app");
            }
        }
    }
}
