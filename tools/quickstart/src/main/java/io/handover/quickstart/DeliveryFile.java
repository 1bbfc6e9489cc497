package io.handover.quickstart;

import io.handover.terminal.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * The deliveries of a user: a file with one JSON document a line.
 *
 * <p>It is read twice and never held in memory, because a day of a contact centre has millions of lines.
 */
final class DeliveryFile {

    private final Path file;
    private final int deliveries;
    private final long shiftMs;
    private final boolean partlyTooOld;

    private DeliveryFile(Path file, int deliveries, long shiftMs, boolean partlyTooOld) {
        this.file = file;
        this.deliveries = deliveries;
        this.shiftMs = shiftMs;
        this.partlyTooOld = partlyTooOld;
    }

    /**
     * Looks through the file.
     *
     * @param now what time it is
     * @param retention how old an event may be; the streams app refuses what is older
     * @throws CommandException if the file cannot be read
     */
    static DeliveryFile open(Path file, Instant now, Duration retention) {
        Span span = new Span();
        read(file, span::add);
        long oldestKept = now.minus(retention).toEpochMilli();
        long shiftMs = span.oldestMs < oldestKept ? EventTimes.shiftMs(span.newestMs, now) : 0;
        return new DeliveryFile(file, span.deliveries, shiftMs, span.oldestMs + shiftMs < oldestKept);
    }

    /** How many deliveries it holds. */
    int deliveries() {
        return deliveries;
    }

    /** By how much their times are moved forward; zero if none is too old. */
    Duration shift() {
        return Duration.ofMillis(shiftMs);
    }

    /** Whether it spans so long a time that its oldest events stay too old. */
    boolean partlyTooOld() {
        return partlyTooOld;
    }

    /** Hands out every delivery, in file order. */
    void forEach(Consumer<OutgoingDelivery> consumer) {
        read(file, delivery -> consumer.accept(delivery.movedBy(shiftMs)));
    }

    private static void read(Path file, Consumer<OutgoingDelivery> consumer) {
        // This charset maps every byte to a character and back: what is sent is what stands in the file, even where
        // that is no UTF-8.
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    consumer.accept(OutgoingDelivery.of(number, line.getBytes(StandardCharsets.ISO_8859_1)));
                }
            }
        } catch (NoSuchFileException e) {
            throw new CommandException("The deliveries file " + file + " does not exist.", e);
        } catch (IOException e) {
            throw new CommandException("The deliveries file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** What a first look gathers. */
    private static final class Span {

        private int deliveries;
        private long oldestMs = Long.MAX_VALUE;
        private long newestMs = Long.MIN_VALUE;

        private void add(OutgoingDelivery delivery) {
            deliveries++;
            Long eventTimeMs = delivery.eventTimeMs();
            if (eventTimeMs != null) {
                oldestMs = Math.min(oldestMs, eventTimeMs);
                newestMs = Math.max(newestMs, eventTimeMs);
            }
        }
    }
}
