package io.handover.quickstart;

import io.handover.history.sources.RawEntry;
import io.handover.schema.Delivery;
import io.handover.schema.UnreadableRecordException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A delivery that is sent to the bridge. */
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

    /** Returns an entry of a file as a delivery. If it is broken, the bridge will reject it. */
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

    /** Returns its line in the file, counted from 1. */
    long line() {
        return line;
    }

    /** Returns the exact bytes that are sent; not to be changed. */
    byte[] body() {
        return body;
    }

    /** Returns what the body says; null if it cannot be read. */
    @Nullable
    Delivery content() {
        return content;
    }

    /** Returns the key of the order: deliveries with the same key are sent one after the other. */
    String orderKey() {
        String key = content == null ? null : content.key();
        return key == null ? "line " + line : key;
    }

    /** Returns when the event happened, epoch ms; null if the delivery does not say it. */
    @Nullable
    Long eventTimeMs() {
        if (content == null) {
            return null;
        }
        Long eventTimeMs = content.body().eventTimeMs();
        return eventTimeMs == null ? content.sentAtMs() : eventTimeMs;
    }

    /** Returns the event for a person: {@code user.end TRANSFER}. */
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

    /** Returns the same delivery with all times moved forward. A delivery that cannot be read stays as it is. */
    OutgoingDelivery movedBy(long shiftMs) {
        return content == null || shiftMs == 0 ? this : of(line, EventTimes.move(body, shiftMs));
    }
}
