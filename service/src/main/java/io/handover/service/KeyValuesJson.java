package io.handover.service;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import net.logstash.logback.composite.AbstractJsonProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * An event's key-values as fields of its JSON object. Numbers and truths stay what they are; anything else is its text,
 * where the encoder's own provider nests an object's properties, or loses the event over a type that it does not know.
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
            generator.writeObject(plain(pair.value));
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
