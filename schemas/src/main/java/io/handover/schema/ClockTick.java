package io.handover.schema;

import java.time.Instant;
import java.util.Objects;

/**
 * A tick: a record that advances the time of a partition without deliveries, so that deadlines fire there, too. The
 * application uses only the record's timestamp; the fields are for people who read the topic.
 *
 * @param partition the partition of {@link Topics#EVENTS} that the tick is written to
 * @param time the wall-clock time of the application instance that wrote the tick
 */
public record ClockTick(int partition, Instant time) implements HandoverRecord {

    public ClockTick {
        Objects.requireNonNull(time, "time");
    }
}
