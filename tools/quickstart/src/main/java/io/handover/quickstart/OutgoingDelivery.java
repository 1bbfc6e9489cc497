package io.handover.quickstart;

import io.handover.history.sources.RawEntry;
import io.handover.schema.Delivery;
import io.handover.schema.UnreadableRecordException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A delivery that the quick start sends to the bridge. */
final class OutgoingDelivery {

    private final long line;
    private final byte[] body;
    private final @Nullable String problem;
    private final @Nullable Delivery content;

    private OutgoingDelivery(long line, byte[] body, @Nullable String problem) {
        this.line = line;
        this.body = body;
        this.problem = problem;
        this.content = problem == null ? read(body) : null;
    }

    static OutgoingDelivery of(long line, byte[] body) {
        return new OutgoingDelivery(line, body, null);
    }

    /** Returns an entry of a file as a delivery. A broken entry becomes a delivery too: the bridge will reject it. */
    static OutgoingDelivery of(RawEntry entry) {
        return new OutgoingDelivery(entry.line(), entry.bytes(), entry.problem());
    }

    private static @Nullable Delivery read(byte[] body) {
        try {
            return Delivery.read(body);
        } catch (UnreadableRecordException e) {
            return null;
        }
    }

    /** Returns the number of the delivery's line in the file, counted from 1. */
    long line() {
        return line;
    }

    /** Returns the exact bytes that are sent. The caller must not change the array. */
    byte[] body() {
        return body;
    }

    /** Returns the parsed body; null if the body cannot be read. */
    @Nullable
    Delivery content() {
        return content;
    }

    /**
     * Returns the conversation id, or else the customer id, or else the line. Deliveries with the same key are sent one
     * after the other.
     */
    String orderKey() {
        String key = content == null ? null : content.key();
        return key == null ? "line " + line : key;
    }

    /** Returns the event time, or without it {@link Delivery#sentAtMs()}, epoch ms; null if neither is known. */
    @Nullable
    Long eventTimeMs() {
        if (content == null) {
            return null;
        }
        Long eventTimeMs = content.body().eventTimeMs();
        return eventTimeMs == null ? content.sentAtMs() : eventTimeMs;
    }

    /** Returns a short text about the event for people: {@code user.end TRANSFER}. */
    String title() {
        if (content == null) {
            return Objects.requireNonNullElse(problem, "unreadable");
        }
        String type = content.type() == null
                ? String.valueOf(content.topic())
                : content.type().suffix();
        String disconnectType = content.body().disconnectType();
        return disconnectType == null ? type : type + " " + disconnectType;
    }

    /**
     * Returns the same delivery with all its times moved forward. A delivery that cannot be read is returned unchanged.
     */
    OutgoingDelivery movedBy(long shiftMs) {
        return content == null || shiftMs == 0 ? this : of(line, EventTimes.move(body, shiftMs));
    }
}
