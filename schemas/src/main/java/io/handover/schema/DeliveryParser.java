package io.handover.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a delivery from any JSON. A value of the expected JSON type is read directly, because that is
 * faster than Jackson's data binding. For any other value, data binding decides whether the value can be converted.
 */
final class DeliveryParser {

    private static final Level TOP = Level.of(DeliveryField.OF_TOP_LEVEL);
    private static final Level DETAIL = Level.of(DeliveryField.OF_DETAIL);
    private static final Level BODY = Level.of(DeliveryField.OF_BODY);

    private final JsonParser parser;

    private DeliveryParser(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The fields of one JSON object by name. {@code bits} has the bit of every field set. It is a long because there
     * are more than 32 fields.
     */
    private record Level(Map<String, DeliveryField> fields, long bits) {

        static Level of(Set<DeliveryField> fields) {
            return new Level(
                    fields.stream().collect(Collectors.toMap(DeliveryField::jsonName, Function.identity())),
                    fields.stream().mapToLong(Level::bit).sum());
        }

        static long bit(DeliveryField field) {
            return 1L << field.index();
        }
    }

    /**
     * Reads a JSON object.
     *
     * @throws UnreadableRecordException if the bytes are not such an object
     */
    static DeliveryValues read(byte[] json) {
        DeliveryValues plain = DeliveryScanner.readOrNull(json);
        return plain != null
                ? plain
                : Json.read(json, DeliveryParser::read, "an EventBridge envelope or a data-action body");
    }

    /** Reads a JSON object. The current token of the parser must be the start of the object. */
    private static DeliveryValues read(JsonParser parser) throws IOException {
        DeliveryValues values = new DeliveryValues();
        new DeliveryParser(parser).readObject(TOP, values);
        return values;
    }

    private void readObject(Level level, DeliveryValues values) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            // Reads the token to its end first, so that broken JSON is reported as broken JSON and not as a wrong
            // value.
            parser.finishToken();
            throw new JsonMappingException(parser, "no object");
        }
        long seen = 0;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            DeliveryField field = level.fields().get(name);
            if (field == null) {
                parser.skipChildren();
                continue;
            }
            try {
                // A repeated field replaces the earlier value. It is an error if all fields have been read already.
                // Data binding does the same.
                if (seen == level.bits()) {
                    throw new JsonMappingException(null, "repeated");
                }
                seen |= Level.bit(field);
                values.set(field, value(field, values));
            } catch (JsonMappingException e) {
                e.prependPath(values, name);
                throw e;
            }
        }
    }

    private @Nullable Object value(DeliveryField field, DeliveryValues values) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (field.kind()) {
            case TEXT, BOUNDED_TEXT -> text(token);
            case ID -> Delivery.present(text(token));
            case TIME_TEXT -> token == JsonToken.VALUE_STRING ? parser.getText() : absent();
            case NUMBER -> number(token);
            case EPOCH_MILLIS -> epochMillis(token);
            case DETAIL -> token == JsonToken.VALUE_NULL ? null : detail();
            case EVENT_BODY -> body(token, values);
        };
    }

    private @Nullable String text(JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NULL -> null;
            default -> Json.convert(parser, String.class);
        };
    }

    private @Nullable Long number(JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NULL -> null;
            default -> Json.convert(parser, Long.class);
        };
    }

    private @Nullable Object epochMillis(JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return IsoTime.inRangeOrNull(parser.getLongValue());
        }
        return token == JsonToken.VALUE_STRING ? IsoTime.parseOrNull(parser.getText()) : absent();
    }

    private @Nullable Object absent() throws IOException {
        parser.skipChildren();
        return null;
    }

    private DeliveryValues detail() throws IOException {
        DeliveryValues detail = new DeliveryValues();
        readObject(DETAIL, detail);
        return detail;
    }

    private @Nullable Object body(JsonToken token, DeliveryValues detail) throws IOException {
        // If eventBody is repeated, no value of the first eventBody remains.
        detail.clearBody();
        if (token != JsonToken.VALUE_NULL) {
            readObject(BODY, detail);
        }
        return null;
    }
}
