package io.handover.traffic;

import org.jspecify.annotations.Nullable;

/**
 * The publication of an event to EventBridge. All times are epoch milliseconds.
 *
 * @param eventId the id that EventBridge gives the event; a redelivery has the same id, a second publication another id
 * @param correlationId the {@code CorrelationId} of Genesys, or null
 * @param sentAt the time at which Genesys sent the event
 * @param time the time at which EventBridge received the event
 * @param replay the name of the archive replay that sends the event again; null if no archive replay sends it
 */
public record Publication(
        String eventId,
        @Nullable String correlationId,
        long sentAt,
        long time,
        @Nullable String replay) {}
