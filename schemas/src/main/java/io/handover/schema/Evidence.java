package io.handover.schema;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event that led to a command. Evidence shows an operator why the command was sent.
 *
 * @param topic the end of the Genesys topic name, for example {@code user.end}
 * @param eventId EventBridge's id of the event, or null if the event had no id
 * @param eventTime the time of the event, by the clock of Genesys
 * @param disconnectType the disconnect type as Genesys sent it, or null if the event has no disconnect type
 */
public record Evidence(
        String topic,
        @Nullable String eventId,
        Instant eventTime,
        @Nullable String disconnectType) {

    public Evidence {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(eventTime, "eventTime");
    }
}
