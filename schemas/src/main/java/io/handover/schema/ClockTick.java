package io.handover.schema;

import java.time.Instant;
import java.util.Objects;

/**
 * Moves the time of a quiet partition on, so that a deadline that is due fires through the log. The record's timestamp
 * is what counts; the fields say so to a reader.
 *
 * @param partition the partition of {@link Topics#EVENTS} that it is written to
 * @param time the wall clock of the application instance that wrote it
 */
public record ClockTick(int partition, Instant time) implements HandoverRecord {

    public ClockTick {
        Objects.requireNonNull(time, "time");
    }
}
