package io.handover.torture;

import io.handover.reference.Arrival;
import io.handover.torture.EventBridge.Event;
import java.nio.charset.StandardCharsets;

/**
 * A delivery that EventBridge attempts for the first time when the arrival says.
 *
 * @param repetition whether it repeats another one
 */
record PlannedDelivery(Arrival arrival, Repetition repetition) {

    /** Whether and how an event was sent before. */
    enum Repetition {
        FIRST,
        /** The same envelope once more. */
        SAME_ID,
        /** The same event in an envelope of its own, as Genesys may publish it again. */
        NEW_ID
    }

    /** Creates what is sent. Thousands of deliveries wait, so their bodies are created when they are due. */
    Event event() {
        return new Event(
                arrival.eventId(),
                arrival.event().conversationId(),
                new String(arrival.envelope(), StandardCharsets.UTF_8));
    }
}
