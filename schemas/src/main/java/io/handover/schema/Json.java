package io.handover.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the JSON of the records. When reading, unknown fields are ignored and the nesting depth is limited.
 */
final class Json {

    /** Deeper than any event from Genesys, and far from a stack overflow. */
    private static final int MAX_NESTING = 64;

    /** As large as most commands. */
    private static final int INITIAL_BYTES = 768;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, new InstantSerializer())
                    .addDeserializer(Instant.class, new InstantDeserializer()))
            .build();

    private Json() {}

    /** Reads a JSON object. The current token of the parser is the start of the object. */
    interface ObjectReading<T> {
        T read(JsonParser parser) throws IOException;
    }

    /**
     * Reads one JSON object with Jackson's data binding.
     *
     * @param expected the name of the object in the error message, for example "a clock tick"
     * @throws UnreadableRecordException if the bytes are not such an object
     */
    static <T> T read(byte[] json, Class<T> type, String expected) {
        return read(json, parser -> MAPPER.readValue(parser, type), expected);
    }

    /**
     * Reads one JSON object with the given reader. The parameter and the error are as in
     * {@link #read(byte[], Class, String)}.
     */
    static <T> T read(byte[] json, ObjectReading<T> reading, String expected) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw unreadable(expected, first == null ? "it is empty" : "it is no JSON object");
            }
            T value = reading.read(parser);
            if (parser.nextToken() != null) {
                throw unreadable(expected, "something follows it" + where(parser.currentLocation()));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw unreadable(expected, reason(e));
        } catch (IOException e) {
            throw unreadable(expected, "it could not be read");
        }
    }

    /** Converts the current value of the parser with Jackson's data binding. */
    static <T> @Nullable T convert(JsonParser parser, Class<T> type) throws IOException {
        return MAPPER.readValue(parser, type);
    }

    /**
     * Creates an exception without a cause. Jackson's messages quote the payload, and a stack trace would print the
     * messages of the causes.
     */
    private static UnreadableRecordException unreadable(String expected, String reason) {
        return new UnreadableRecordException("Expected " + expected + ", but " + reason);
    }

    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "Expected to write " + value.getClass().getSimpleName() + ", but failed", e);
        }
    }

    /** Writes a JSON object to a generator. */
    interface ObjectWriting {
        void write(JsonGenerator generator) throws IOException;
    }

    /** Writes one JSON object with the given writer. */
    static byte[] write(ObjectWriting writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
        try (JsonGenerator generator = MAPPER.createGenerator(bytes)) {
            writing.write(generator);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected memory to be writable, but it is not", e);
        }
        return bytes.toByteArray();
    }

    /** Describes the error without Jackson's message, because that message quotes the payload. */
    private static String reason(JsonProcessingException e) {
        String where = where(e.getLocation());
        // Jackson wraps an error of the parser, to add the path of the field. The wrapped error is the real one.
        Throwable found = e instanceof JsonMappingException && e.getCause() != null ? e.getCause() : e;
        if (found instanceof StreamConstraintsException) {
            return "it is nested too deep or a part of it is too long" + where;
        }
        if (found instanceof StreamReadException) {
            return "it is broken JSON" + where;
        }
        String field = field(e);
        if (found instanceof NullPointerException && found.getMessage() != null) {
            return "field '" + (field.isEmpty() ? "" : field + ".") + found.getMessage() + "' is missing" + where;
        }
        return field.isEmpty() ? "it is not such an object" + where : "field '" + field + "' has a wrong value" + where;
    }

    private static String field(JsonProcessingException e) {
        return !(e instanceof JsonMappingException mapping)
                ? ""
                : mapping.getPath().stream()
                        .map(step ->
                                step.getFieldName() != null ? step.getFieldName() : String.valueOf(step.getIndex()))
                        .collect(Collectors.joining("."));
    }

    private static String where(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static final class InstantSerializer extends StdSerializer<Instant> {

        private static final long serialVersionUID = 1L;

        private InstantSerializer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(IsoTime.format(value));
        }
    }

    private static final class InstantDeserializer extends StdDeserializer<Instant> {

        private static final long serialVersionUID = 1L;

        private InstantDeserializer() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return OffsetDateTime.parse(parser.getText()).toInstant();
            } catch (DateTimeException e) {
                return (Instant)
                        context.handleWeirdStringValue(Instant.class, parser.getText(), "not an ISO-8601 time");
            }
        }
    }
}
