package io.handover.history.live;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.handover.schema.IsoTime;
import io.handover.terminal.CommandException;
import java.io.IOException;
import java.time.Instant;

/** Reads the JSON of the management port. Fields of a newer version are ignored. */
final class LiveJson {

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .registerModule(new SimpleModule().addDeserializer(Instant.class, new TimeDeserializer()));

    private LiveJson() {}

    /** @throws CommandException if the JSON is not of this type */
    static <T> T read(JsonNode json, Class<T> type) {
        try {
            return MAPPER.treeToValue(json, type);
        } catch (JsonProcessingException e) {
            // The message begins with what is wrong. After the first line, it names the place in Java.
            throw new CommandException(
                    "The answer is not as streams-app gives it ("
                            + e.getOriginalMessage().lines().findFirst().orElse("")
                            + "). Correct --url, or use the command of the same release as streams-app.",
                    e);
        }
    }

    /** Returns JSON for people: one field per line, with a line end. */
    static String pretty(JsonNode json) {
        return json.toPrettyString() + '\n';
    }

    private static final class TimeDeserializer extends StdDeserializer<Instant> {

        private static final long serialVersionUID = 1L;

        private TimeDeserializer() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            Long time = IsoTime.parseOrNull(json.getText());
            return time != null
                    ? Instant.ofEpochMilli(time)
                    : (Instant) context.handleWeirdStringValue(Instant.class, "", "expected an ISO-8601 time");
        }
    }
}
