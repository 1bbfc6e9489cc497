package io.handover.torture;

import java.util.function.Supplier;

/**
 * A delivery that is to be sent.
 *
 * @param conversationId what it is about
 * @param eventId EventBridge's id; a duplicate may have the same
 * @param dueMs when EventBridge tries for the first time, epoch ms
 * @param repetition what it repeats
 * @param body what is posted; made when it is, as thousands wait
 */
record Shipment(String conversationId, String eventId, long dueMs, Repetition repetition, Supplier<byte[]> body) {

    /** Whether, and how, an event was sent before. */
    enum Repetition {
        FIRST,
        /** The same envelope once more. */
        SAME_ID,
        /** The same event in an envelope of its own, as Genesys may publish it again. */
        NEW_ID
    }
}
