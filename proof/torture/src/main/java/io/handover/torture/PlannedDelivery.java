package io.handover.torture;

import io.handover.reference.Arrival;
import io.handover.torture.EventBridge.Event;
import java.nio.charset.StandardCharsets;

/**
 * A planned delivery. EventBridge makes its first attempt at the time {@code arrival.at()}.
 *
 * @param repetition whether the delivery repeats an earlier one
 */
record PlannedDelivery(Arrival arrival, Repetition repetition) {

    /** Whether and how an event was sent before. */
    enum Repetition {
        FIRST,
        /** The same envelope was sent before. */
        SAME_ID,
        /** The same event was sent before in another envelope, because Genesys may publish an event again. */
        NEW_ID
    }

    /** Creates the event to send. Thousands of deliveries wait, so a body is created only when its delivery is due. */
    Event event() {
        return new Event(
                arrival.eventId(),
                arrival.event().conversationId(),
                new String(arrival.envelope(), StandardCharsets.UTF_8));
    }
}
