package io.handover.quickstart;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The three times of a delivery: the envelope's {@code time}, {@code detail.timestamp} and {@code eventTime}. */
final class EventTimes {

    private static final long SECOND_MS = 1_000;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // what is not a time shall come out as it went in
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final DateTimeFormatter SECONDS = utc("uuuu-MM-dd'T'HH:mm:ss'Z'");
    private static final DateTimeFormatter MILLISECONDS = utc("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'");

    private EventTimes() {}

    private static DateTimeFormatter utc(String pattern) {
        return DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
    }

    /**
     * By how much to move times forward so that the newest of them is now: whole seconds, because {@code time} has no
     * finer ones and must keep its distance to the others; never back.
     */
    static long shiftMs(long newestMs, Instant now) {
        return Math.max(0, Math.floorDiv(now.toEpochMilli() - newestMs, SECOND_MS) * SECOND_MS);
    }

    /** The same document, with its times moved. */
    static byte[] move(byte[] json, long shiftMs) {
        try {
            JsonNode delivery = MAPPER.readTree(json);
            moveText(delivery, "time", shiftMs);
            moveText(delivery.path("detail"), "timestamp", shiftMs);
            moveEventTime(delivery.path("detail").path("eventBody"), shiftMs);
            // the body of the old data action is flat
            moveEventTime(delivery, shiftMs);
            return MAPPER.writeValueAsBytes(delivery);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected a delivery that was read before, but it is not JSON", e);
        }
    }

    private static void moveEventTime(JsonNode parent, long shiftMs) {
        if (parent instanceof ObjectNode object && parent.path("eventTime").isIntegralNumber()) {
            object.put("eventTime", parent.path("eventTime").asLong() + shiftMs);
        } else {
            moveText(parent, "eventTime", shiftMs);
        }
    }

    private static void moveText(JsonNode parent, String field, long shiftMs) {
        if (!(parent instanceof ObjectNode object) || !parent.path(field).isTextual()) {
            return;
        }
        String text = parent.path(field).textValue();
        try {
            Instant moved = OffsetDateTime.parse(text).toInstant().plusMillis(shiftMs);
            object.put(field, (text.indexOf('.') < 0 ? SECONDS : MILLISECONDS).format(moved));
        } catch (DateTimeException e) {
            // Not a time, so there is nothing to move; the bridge and the streams app are as lenient.
            return;
        }
    }
}
