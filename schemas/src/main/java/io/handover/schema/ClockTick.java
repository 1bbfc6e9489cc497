package io.handover.schema;

import java.time.Instant;
import java.util.Objects;

/**
 * A record that advances the stream time of a partition without deliveries. Without ticks, the deadlines of a quiet
 * partition would not fire. The streams-app uses only the timestamp of the record; the fields help people who read the
 * topic.
 *
 * @param partition the partition of {@link Topics#EVENTS} that the tick is written to
 * @param time the wall-clock time of the streams-app instance that wrote the tick
 */
public record ClockTick(int partition, Instant time) implements HandoverRecord {

    public ClockTick {
        Objects.requireNonNull(time, "time");
    }
}
