package io.handover.history.replay;

import io.handover.history.sources.PastDelivery;
import io.handover.schema.Delivery;
import io.handover.schema.IsoTime;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Formats a delivery of a topic as a line of a file. Line ends between the JSON fields are removed. If the JSON has no
 * {@code time}, the time of the record is inserted, because a replay of the file needs a time.
 */
final class DeliveryLine {

    private DeliveryLine() {}

    /**
     * Returns the line with a line end.
     *
     * @return null if the delivery has a {@code time} field that is not a valid time: a second such field cannot be
     *     inserted
     */
    static byte @Nullable [] of(PastDelivery delivery) {
        boolean hasTime = delivery.delivery() != null && delivery.delivery().timeMs() != null;
        ByteArrayOutputStream line = new ByteArrayOutputStream(delivery.json().length + 64);
        boolean timeWritten = hasTime;
        for (byte b : delivery.json()) {
            // A JSON string contains no line ends, only escape sequences for them. So this line end is between fields.
            if (b != '\n' && b != '\r') {
                line.write(b);
            }
            if (!timeWritten && b == '{') {
                timeWritten = true;
                line.writeBytes(utf8("\"time\":\"" + IsoTime.format(delivery.time()) + "\","));
            }
        }
        line.write('\n');
        byte[] bytes = line.toByteArray();
        return hasTime || Delivery.read(bytes).timeMs() != null ? bytes : null;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
