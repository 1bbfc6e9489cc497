package io.handover.history.replay;

import io.handover.history.sources.PastDelivery;
import io.handover.terminal.CommandException;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Publishes deliveries in the order of time. Deliveries that are already published are skipped. */
final class Publisher {

    /** The longest wait between two checks for a requested stop, a due commit and due progress. */
    static final long POLL_MS = 50;

    private final DeliveryQueue queue;
    private final ReplayWriter writer;
    private final String fingerprint;
    private final Map<Integer, Long> ends;
    private final StopSignal stop;
    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer timeBytes = ByteBuffer.allocate(Long.BYTES);
    private final DeliveryCount count = new DeliveryCount();
    private long published;

    /** @param fingerprint the fingerprint of the sources and their selection */
    Publisher(DeliveryQueue queue, ReplayWriter writer, String fingerprint, StopSignal stop) {
        this.queue = queue;
        this.writer = writer;
        this.fingerprint = fingerprint;
        this.ends = queue.past().ends();
        this.stop = stop;
    }

    /**
     * Skips the deliveries that are already published.
     *
     * @return false if a stop was requested before the last of these deliveries
     * @throws CommandException if the sources do not begin with these deliveries
     */
    boolean skipPublished(ReplayPosition position, Progress progress) {
        while (published < position.published()) {
            DeliveryQueue.Next next = next(progress);
            if (next == null) {
                return false;
            }
            if (next.record() == null) {
                throw changed(position);
            }
            if (next.record().decides()) {
                add(next.record());
                progress.advanced(1);
            }
        }
        if (checksum.getValue() != position.checksum()) {
            throw changed(position);
        }
        return true;
    }

    private static CommandException changed(ReplayPosition position) {
        return new CommandException("The sources no longer begin with the " + position.published()
                + " deliveries that are published. Restore them, or start from the beginning under another --name.");
    }

    /**
     * Publishes and commits the deliveries that are not published yet.
     *
     * @param beforeFirst called with the time of the first delivery (epoch ms) before it is published; may throw to
     *     refuse it
     * @return false if a stop was requested before the last delivery
     * @throws CommandException if the sources are not empty, but have no wanted delivery
     */
    boolean publish(ReplaySpeed speed, Progress progress, LongConsumer beforeFirst) {
        boolean begun = false;
        while (true) {
            DeliveryQueue.Next next = next(progress);
            if (next == null) {
                commit(false);
                return false;
            }
            PastDelivery delivery = next.record();
            if (delivery == null) {
                // Before the commit: the replay must not count as begun, because then the corrected sources would be
                // refused as other ones.
                queue.past().requireWanted();
                commit(false);
                // The second commit marks the replay as complete. Kafka begins this transaction only when
                // the previous one is complete, so consumers see all deliveries by then.
                commit(true);
                return true;
            }
            if (!delivery.decides()) {
                continue;
            }
            if (!begun) {
                beforeFirst.accept(delivery.time());
                begun = true;
            }
            if (!awaitDue(speed, next.time(), progress)) {
                commit(false);
                return false;
            }
            writer.write(delivery);
            add(delivery);
            count.add(delivery.time());
            progress.advanced(1);
            commitIfDue();
        }
    }

    /** Waits for the next item of the queue; returns null if a stop is requested. */
    private DeliveryQueue.@Nullable Next next(Progress progress) {
        while (!stop.isRequested()) {
            DeliveryQueue.Next next = queue.poll(POLL_MS);
            if (next != null) {
                return next;
            }
            commitIfDue();
            progress.advanced(0);
        }
        return null;
    }

    private boolean awaitDue(ReplaySpeed speed, long time, Progress progress) {
        for (long wait = speed.millisUntil(time); wait > 0; wait = speed.millisUntil(time)) {
            if (stop.await(Duration.ofMillis(Math.min(wait, POLL_MS)))) {
                return false;
            }
            commitIfDue();
            progress.advanced(0);
        }
        return true;
    }

    private void add(PastDelivery delivery) {
        published++;
        checksum.update(timeBytes.putLong(0, delivery.time()).array());
        checksum.update(delivery.json());
    }

    private void commitIfDue() {
        if (writer.isCommitDue()) {
            commit(false);
        }
    }

    private void commit(boolean isComplete) {
        writer.commit(new ReplayPosition(published, checksum.getValue(), isComplete, fingerprint, ends));
    }

    /** Returns how many deliveries are published, including those of earlier runs. */
    long published() {
        return published;
    }

    /** Returns the count of the deliveries that this run has published. */
    DeliveryCount count() {
        return count;
    }
}
