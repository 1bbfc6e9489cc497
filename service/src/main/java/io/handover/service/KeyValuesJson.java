package io.handover.service;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import net.logstash.logback.composite.AbstractJsonProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes the key-values of a log event as fields of the JSON object of that event. Numbers and booleans keep their
 * type. Every other value is written as text.
 *
 * <p>The key-value provider of the logstash encoder is not used. That provider would write the properties of an object
 * as nested JSON, and would lose the log event if it cannot serialise the type of the object.
 */
public final class KeyValuesJson extends AbstractJsonProvider<ILoggingEvent> {

    @Override
    public void writeTo(JsonGenerator generator, ILoggingEvent event) throws IOException {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        for (KeyValuePair pair : pairs) {
            generator.writeFieldName(pair.key);
            generator.writeObject(toJsonValue(pair.value));
        }
    }

    private static @Nullable Object toJsonValue(@Nullable Object value) {
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
