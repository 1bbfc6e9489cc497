package io.handover.quickstart;

import io.handover.schema.Delivery;
import io.handover.schema.UnreadableRecordException;
import org.jspecify.annotations.Nullable;

/** A delivery that is to be sent. */
final class OutgoingDelivery {

    private final int line;
    private final byte[] body;
    private final @Nullable Delivery content;

    private OutgoingDelivery(int line, byte[] body) {
        this.line = line;
        this.body = body;
        this.content = read(body);
    }

    /**
     * A delivery as it stands in a file.
     *
     * @param line where, counted from 1
     */
    static OutgoingDelivery of(int line, byte[] body) {
        return new OutgoingDelivery(line, body);
    }

    private static @Nullable Delivery read(byte[] body) {
        try {
            return Delivery.read(body);
        } catch (UnreadableRecordException e) {
            return null;
        }
    }

    /** Where it stands in its file, counted from 1. */
    int line() {
        return line;
    }

    /** What is sent, byte for byte; not to be changed. */
    byte[] body() {
        return body;
    }

    /** What the body says, or null if it cannot be read; the bridge judges it all the same. */
    @Nullable
    Delivery content() {
        return content;
    }

    /** Deliveries of the same key are sent one after the other. One that has none is in nobody's way. */
    String orderKey() {
        String key = content == null ? null : content.key();
        return key == null ? "line " + line : key;
    }

    /** When what it tells happened, epoch ms, or null if it does not say. */
    @Nullable
    Long eventTimeMs() {
        if (content == null) {
            return null;
        }
        Long eventTimeMs = content.body().eventTimeMs();
        return eventTimeMs == null ? content.sentAtMs() : eventTimeMs;
    }

    /** What it tells, for a person: {@code user.end TRANSFER}. */
    String title() {
        if (content == null) {
            return "unreadable";
        }
        String type = content.type() == null
                ? String.valueOf(content.topic())
                : content.type().suffix();
        String disconnectType = content.body().disconnectType();
        return disconnectType == null ? type : type + " " + disconnectType;
    }

    /** The same with every time moved forward. What cannot be read stays as it is. */
    OutgoingDelivery movedBy(long shiftMs) {
        return content == null || shiftMs == 0 ? this : of(line, EventTimes.move(body, shiftMs));
    }
}
