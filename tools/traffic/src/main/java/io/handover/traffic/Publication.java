package io.handover.traffic;

import org.jspecify.annotations.Nullable;

/**
 * How an event came to EventBridge. All times are milliseconds.
 *
 * @param eventId EventBridge's id of it; a redelivery has the same, a second publication has another
 * @param correlationId Genesys' id of it, or null
 * @param sentAt when Genesys sent it
 * @param time when EventBridge had it
 * @param replay the name of the archive replay that sends it, or null
 */
public record Publication(
        String eventId,
        @Nullable String correlationId,
        long sentAt,
        long time,
        @Nullable String replay) {}
