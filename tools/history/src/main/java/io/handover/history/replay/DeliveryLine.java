package io.handover.history.replay;

import io.handover.history.sources.PastDelivery;
import io.handover.schema.Delivery;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** A delivery of a topic as a line of a file: its bytes, but on one line, and with a time to be replayed by. */
final class DeliveryLine {

    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private DeliveryLine() {}

    /**
     * The line, with its end.
     *
     * @return null if it has a {@code time} of its own which is none, so that it cannot be given another
     */
    static byte @Nullable [] of(PastDelivery delivery) {
        boolean isTimed = delivery.delivery() != null && delivery.delivery().timeMs() != null;
        ByteArrayOutputStream line = new ByteArrayOutputStream(delivery.json().length + 64);
        boolean begun = isTimed;
        for (byte b : delivery.json()) {
            // Within a text there are none: JSON has them escaped.
            if (b != '\n' && b != '\r') {
                line.write(b);
            }
            if (!begun && b == '{') {
                begun = true;
                line.writeBytes(
                        utf8("\"time\":\"" + MILLISECONDS.format(Instant.ofEpochMilli(delivery.time())) + "\","));
            }
        }
        line.write('\n');
        byte[] bytes = line.toByteArray();
        return isTimed || Delivery.read(bytes).timeMs() != null ? bytes : null;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
