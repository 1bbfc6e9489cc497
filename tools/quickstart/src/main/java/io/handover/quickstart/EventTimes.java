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

/** Moves the three times of a delivery: {@code time}, {@code detail.timestamp} and {@code eventTime}. */
final class EventTimes {

    private static final long SECOND_MS = 1_000;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // Everything that is no time must stay byte-equal.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private EventTimes() {}

    /**
     * Returns by how much times are moved forward so that the newest of them is now; never negative. It is a number of
     * whole seconds, because {@code time} has no milliseconds and must keep its distance to the other times.
     */
    static long shiftMs(long newestMs, Instant now) {
        return Math.max(0, Math.floorDiv(now.toEpochMilli() - newestMs, SECOND_MS) * SECOND_MS);
    }

    /** Returns the same JSON with its times moved. */
    static byte[] move(byte[] json, long shiftMs) {
        try {
            JsonNode delivery = MAPPER.readTree(json);
            moveText(delivery, "time", shiftMs);
            moveText(delivery.path("detail"), "timestamp", shiftMs);
            moveEventTime(delivery.path("detail").path("eventBody"), shiftMs);
            // The body of the old data action is flat.
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
