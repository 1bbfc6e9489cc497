package io.handover.quickstart;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.handover.schema.IsoTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Moves the three times in a delivery's JSON: {@code time}, {@code detail.timestamp} and {@code eventTime}. */
final class EventTimes {

    private static final long SECOND_MS = 1_000;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // Numbers that are not times must not change.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private EventTimes() {}

    /**
     * Returns the shift that brings the newest time up to now, in ms; never negative.
     *
     * <p>It is a multiple of a second. {@code time} has no milliseconds, and the distances between the three times of a
     * delivery must not change.
     *
     * @param newestMs the newest time before the shift, epoch ms
     */
    static long shiftMs(long newestMs, Instant now) {
        return Math.max(0, Math.floorDiv(now.toEpochMilli() - newestMs, SECOND_MS) * SECOND_MS);
    }

    /** Returns the same delivery with its three times moved forward. */
    static byte[] move(byte[] json, long shiftMs) {
        try {
            JsonNode delivery = MAPPER.readTree(json);
            moveText(delivery, "time", shiftMs);
            moveText(delivery.path("detail"), "timestamp", shiftMs);
            moveEventTime(delivery.path("detail").path("eventBody"), shiftMs);
            // In a body of the old data action, eventTime is at the top level.
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
        Long time = IsoTime.parseOrNull(text);
        if (time != null) {
            Instant moved = Instant.ofEpochMilli(time + shiftMs);
            object.put(field, text.indexOf('.') < 0 ? moved.toString() : IsoTime.format(moved));
        }
    }
}
