package io.handover.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import io.handover.schema.Delivery.EventBody;
import io.handover.schema.Wire.Detail;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an envelope as EventBridge and Genesys write it: a text is a text, a number a number, and no field comes twice.
 * That is nearly every one, and here it takes two thirds of the time. Whatever else it may be is left to {@link Json},
 * which also says what is wrong with it.
 */
final class EnvelopeReader {

    private static final int ENVELOPE_TEXTS = 5;
    private static final int DETAIL_TEXTS = 2;
    private static final int BODY_TEXTS = 12;
    private static final int BODY_NUMBERS = 6;
    private static final int UNKNOWN = -1;

    private final JsonParser parser;

    private EnvelopeReader(JsonParser parser) {
        this.parser = parser;
    }

    /** Thrown where the general reading has to look. */
    private static final class UnusualException extends Exception {

        private static final long serialVersionUID = 1L;

        private UnusualException() {
            super("left to the general reading", null, false, false);
        }
    }

    /**
     * Reads it.
     *
     * @return null if it is anything but such an envelope
     */
    static @Nullable Wire read(byte[] json) {
        try (JsonParser parser = Json.parser(json)) {
            require(parser.nextToken() == JsonToken.START_OBJECT);
            Wire wire = new EnvelopeReader(parser).envelope();
            return parser.nextToken() == null && wire.detail() != null ? wire : null;
        } catch (IOException | UnusualException e) {
            return null;
        }
    }

    private Wire envelope() throws IOException, UnusualException {
        @Nullable String[] texts = new String[ENVELOPE_TEXTS];
        Detail detail = null;
        int seen = 0;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            int field = envelopeField(name);
            seen = once(seen, field);
            if (field == UNKNOWN) {
                skip();
            } else if (field < ENVELOPE_TEXTS) {
                texts[field] = text();
            } else {
                detail = parser.nextToken() == JsonToken.VALUE_NULL ? null : detail();
            }
        }
        requireEnd();
        return new Wire(
                texts[0], texts[1], texts[2], texts[3], texts[4], detail, null, null, null, null, null, null, null,
                null, null);
    }

    private static int envelopeField(String name) throws UnusualException {
        return switch (name) {
            case "id" -> 0;
            case "detail-type" -> 1;
            case "source" -> 2;
            case "time" -> 3;
            case "replay-name" -> 4;
            case "detail" -> 5;
            // of a data action
            case "topic",
                    "userId",
                    "conversationId",
                    "participantId",
                    "sessionId",
                    "mediaType",
                    "messageType",
                    "disconnectType",
                    "eventTime" -> throw new UnusualException();
            default -> UNKNOWN;
        };
    }

    private Detail detail() throws IOException, UnusualException {
        require(parser.currentToken() == JsonToken.START_OBJECT);
        @Nullable String[] texts = new String[DETAIL_TEXTS];
        EventBody body = null;
        int seen = 0;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            int field = switch (name) {
                case "topicName" -> 0;
                case "timestamp" -> 1;
                case "eventBody" -> 2;
                default -> UNKNOWN;
            };
            seen = once(seen, field);
            if (field == UNKNOWN) {
                skip();
            } else if (field < DETAIL_TEXTS) {
                texts[field] = text();
            } else {
                body = parser.nextToken() == JsonToken.VALUE_NULL ? null : body();
            }
        }
        requireEnd();
        return new Detail(texts[0], texts[1], body);
    }

    private EventBody body() throws IOException, UnusualException {
        require(parser.currentToken() == JsonToken.START_OBJECT);
        @Nullable String[] texts = new String[BODY_TEXTS];
        @Nullable Long[] numbers = new Long[BODY_NUMBERS];
        Long eventTime = null;
        int seen = 0;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            int field = bodyField(name);
            seen = once(seen, field);
            if (field == UNKNOWN) {
                skip();
            } else if (field < BODY_TEXTS) {
                texts[field] = text();
            } else if (field < BODY_TEXTS + BODY_NUMBERS) {
                numbers[field - BODY_TEXTS] = number();
            } else {
                eventTime = eventTime();
            }
        }
        requireEnd();
        return new EventBody(
                eventTime,
                texts[0],
                texts[1],
                texts[2],
                texts[3],
                texts[4],
                texts[5],
                texts[6],
                texts[7],
                texts[8],
                texts[9],
                texts[10],
                texts[11],
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5]);
    }

    private static int bodyField(String name) {
        return switch (name) {
            case "conversationId" -> 0;
            case "participantId" -> 1;
            case "sessionId" -> 2;
            case "mediaType" -> 3;
            case "messageType" -> 4;
            case "addressTo" -> 5;
            case "addressFrom" -> 6;
            case "userId" -> 7;
            case "queueId" -> 8;
            case "disconnectType" -> 9;
            case "acdOutcome" -> 10;
            case "answeredUserId" -> 11;
            case "interactingDurationMs" -> 12;
            case "heldDurationMs" -> 13;
            case "alertingDurationMs" -> 14;
            case "contactingDurationMs" -> 15;
            case "dialingDurationMs" -> 16;
            case "callbackDurationMs" -> 17;
            case "eventTime" -> 18;
            default -> UNKNOWN;
        };
    }

    private static int once(int seen, int field) throws UnusualException {
        int bit = field == UNKNOWN ? 0 : 1 << field;
        require((seen & bit) == 0);
        return seen | bit;
    }

    private void skip() throws IOException {
        parser.nextToken();
        parser.skipChildren();
    }

    private @Nullable String text() throws IOException, UnusualException {
        JsonToken token = parser.nextToken();
        require(token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL);
        return token == JsonToken.VALUE_NULL ? null : parser.getText();
    }

    private @Nullable Long number() throws IOException, UnusualException {
        JsonToken token = parser.nextToken();
        return token == JsonToken.VALUE_NULL ? null : Long.valueOf(integer(token));
    }

    private @Nullable Long eventTime() throws IOException, UnusualException {
        JsonToken token = parser.nextToken();
        return token == JsonToken.VALUE_NULL ? null : Json.writableMillis(integer(token));
    }

    private long integer(JsonToken token) throws IOException, UnusualException {
        require(token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != NumberType.BIG_INTEGER);
        return parser.getLongValue();
    }

    private void requireEnd() throws UnusualException {
        require(parser.currentToken() == JsonToken.END_OBJECT);
    }

    private static void require(boolean usual) throws UnusualException {
        if (!usual) {
            throw new UnusualException();
        }
    }
}
