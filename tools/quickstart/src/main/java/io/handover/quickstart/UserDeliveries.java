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
 * The deliveries of a file that a user gives, with all their times moved forward if some are too old.
 *
 * <p>The file is read twice and never held in memory, because a day of a contact centre has millions of deliveries.
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
     * Counts the deliveries of the file, and looks for the oldest and the newest event.
     *
     * @param now the current time
     * @param retention how old an event may be; streams-app rejects older ones
     * @throws CommandException if the file cannot be read
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

    /** Returns by how much all times are moved forward; zero if no event is too old. */
    Duration shift() {
        return Duration.ofMillis(shiftMs);
    }

    /** Returns whether the oldest events stay too old, because the file spans more time than the retention. */
    boolean partlyTooOld() {
        return partlyTooOld;
    }

    /** Passes on each delivery, in the order of the file. */
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
            throw ReadFailure.of("The deliveries file " + file, e);
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
