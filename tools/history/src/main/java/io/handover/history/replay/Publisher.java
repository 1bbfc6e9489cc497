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

/** Publishes deliveries in the order of time, behind those that are published already. */
final class Publisher {

    /** How often it looks whether to stop, to commit, to tell how far it is. */
    static final long LOOK_MS = 50;

    private final DeliveryQueue queue;
    private final ReplayWriter writer;
    private final String fingerprint;
    private final Map<Integer, Long> ends;
    private final StopSignal stop;
    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer timeBytes = ByteBuffer.allocate(Long.BYTES);
    private final DeliveryCount count = new DeliveryCount();
    private long published;

    /** @param fingerprint of the sources and of what of them is meant */
    Publisher(DeliveryQueue queue, ReplayWriter writer, String fingerprint, StopSignal stop) {
        this.queue = queue;
        this.writer = writer;
        this.fingerprint = fingerprint;
        this.ends = queue.past().ends();
        this.stop = stop;
    }

    /**
     * Passes over what is published.
     *
     * @return false if it was stopped
     * @throws CommandException if the sources do not begin with it
     */
    boolean passOver(ReplayPosition position, Progress progress) {
        while (published < position.published()) {
            DeliveryQueue.Next next = take(progress);
            if (next == null) {
                return false;
            }
            if (next.record() == null) {
                throw changed(position);
            }
            if (next.record().delivery() != null) {
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
        return new CommandException("The sources do not begin any more with the " + position.published()
                + " deliveries that are published; bring back what they were, or begin from the start under another"
                + " --name.");
    }

    /**
     * Publishes the rest.
     *
     * @param first is told the time of the first before it is published, and may refuse it
     * @return false if it was stopped; what is published then ends with a transaction
     */
    boolean publish(ReplaySpeed pace, Progress progress, LongConsumer first) {
        boolean begun = false;
        while (true) {
            DeliveryQueue.Next next = take(progress);
            if (next == null) {
                commit(false);
                return false;
            }
            PastDelivery delivery = next.record();
            if (delivery == null) {
                commit(false);
                // Kafka begins no transaction before the last one is over: so all can be read when this one is.
                commit(true);
                return true;
            }
            if (delivery.delivery() == null) {
                continue;
            }
            if (!begun) {
                first.accept(delivery.time());
                begun = true;
            }
            if (!awaitDue(pace, next.time(), progress)) {
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

    /** What comes next; null if it is to stop. */
    private DeliveryQueue.@Nullable Next take(Progress progress) {
        while (!stop.isRequested()) {
            DeliveryQueue.Next next = queue.poll(LOOK_MS);
            if (next != null) {
                return next;
            }
            commitIfDue();
            progress.advanced(0);
        }
        return null;
    }

    private boolean awaitDue(ReplaySpeed pace, long time, Progress progress) {
        for (long wait = pace.millisUntil(time); wait > 0; wait = pace.millisUntil(time)) {
            if (stop.await(Duration.ofMillis(Math.min(wait, LOOK_MS)))) {
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

    /** How many are published, those of earlier runs too. */
    long published() {
        return published;
    }

    /** What this run has published. */
    DeliveryCount count() {
        return count;
    }

    String reached() {
        return count.reached();
    }
}
