package io.handover.traffic;

import org.jspecify.annotations.Nullable;

/**
 * The publication of an event to EventBridge. All times are epoch milliseconds.
 *
 * @param eventId the id of EventBridge; a redelivery has the same id, a second publication has another one
 * @param correlationId the id of Genesys, or null
 * @param sentAt when Genesys sent it
 * @param time when EventBridge received it
 * @param replay the name of the archive replay that sends it, or null
 */
public record Publication(
        String eventId,
        @Nullable String correlationId,
        long sentAt,
        long time,
        @Nullable String replay) {}
