package io.handover.schema;

import java.time.Instant;
import java.util.Objects;

/**
 * A record that advances the stream time of a partition without deliveries. Without ticks, the deadlines of a quiet
 * partition would not fire. Only the timestamp of the record counts as time. By the fields, the instance that wrote the
 * tick recognises it.
 *
 * @param partition the partition of {@link Topics#EVENTS} that the tick is written to
 * @param time the wall-clock time of the streams-app instance that wrote the tick
 */
public record ClockTick(int partition, Instant time) implements HandoverRecord {

    public ClockTick {
        Objects.requireNonNull(time, "time");
    }
}
