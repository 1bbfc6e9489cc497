package io.handover.quickstart;

import io.handover.history.sources.FileEntries;
import io.handover.history.sources.RawEntry;
import io.handover.history.sources.ReadFailure;
import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * The deliveries of the user's file. If some events are too old to be accepted, the times of all deliveries are moved
 * forward.
 *
 * <p>The file can contain millions of deliveries. So it is read twice, and never held in memory.
 */
final class UserDeliveries {

    private static final int BYTES_AT_ONCE = 64 * 1024;

    private final Path file;
    private final int count;
    private final long shiftMs;
    private final boolean partlyTooOld;

    private UserDeliveries(Path file, int count, long shiftMs, boolean partlyTooOld) {
        this.file = file;
        this.count = count;
        this.shiftMs = shiftMs;
        this.partlyTooOld = partlyTooOld;
    }

    /**
     * Reads the file once, to count its deliveries and to find the oldest and the newest event.
     *
     * @param now the current time
     * @param retention the retention of streams-app; an older event has no effect
     * @throws CommandException if the file does not exist or cannot be read
     */
    static UserDeliveries open(Path file, Instant now, Duration retention) {
        if (!Files.exists(file)) {
            throw new CommandException("The deliveries file " + file + " does not exist.");
        }
        Span span = new Span();
        read(file, span::add);
        long oldestKept = now.minus(retention).toEpochMilli();
        long shiftMs = span.oldestMs < oldestKept ? EventTimes.shiftMs(span.newestMs, now) : 0;
        return new UserDeliveries(file, span.count, shiftMs, span.oldestMs + shiftMs < oldestKept);
    }

    int count() {
        return count;
    }

    /** Returns the time by which all times are moved forward; zero if no event is too old. */
    Duration shift() {
        return Duration.ofMillis(shiftMs);
    }

    /**
     * Returns whether the oldest events are too old even after the move: the file spans more time than the retention.
     */
    boolean partlyTooOld() {
        return partlyTooOld;
    }

    /** Reads the file again and passes each delivery to the consumer, in the order of the file. */
    void forEach(Consumer<OutgoingDelivery> consumer) {
        read(file, delivery -> consumer.accept(delivery.movedBy(shiftMs)));
    }

    private static void read(Path file, Consumer<OutgoingDelivery> consumer) {
        try (FileEntries entries = FileEntries.open(file)) {
            for (List<RawEntry> some = entries.read(BYTES_AT_ONCE);
                    !some.isEmpty();
                    some = entries.read(BYTES_AT_ONCE)) {
                some.forEach(entry -> consumer.accept(OutgoingDelivery.of(entry)));
            }
        } catch (IOException e) {
            throw ReadFailure.of(file.toString(), e);
        }
    }

    private static final class Span {

        private int count;
        private long oldestMs = Long.MAX_VALUE;
        private long newestMs = Long.MIN_VALUE;

        private void add(OutgoingDelivery delivery) {
            count++;
            Long eventTimeMs = delivery.eventTimeMs();
            if (eventTimeMs != null) {
                oldestMs = Math.min(oldestMs, eventTimeMs);
                newestMs = Math.max(newestMs, eventTimeMs);
            }
        }
    }
}
