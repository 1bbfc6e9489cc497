package io.handover.history.backtest;

import io.handover.history.report.Setting;
import io.handover.history.sources.PastDeliveries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries of the past run through the core in virtual time, under one setting or several at once.
 *
 * <p>Conversations do not know of each other: each depends on its own deliveries and on the time of the log. So they are
 * shared out among the processors by their ids, the time goes to all, and what comes out is the same for any number of
 * processors. While one batch is folded, the next one is read.
 */
public final class Backtest {

    /** Judges nothing. */
    public static final long WITHOUT_HINDSIGHT = -1;

    private final PastDeliveries past;
    private final ExecutorService workers;
    private final List<Shard> shards;
    private @Nullable Instant first;
    private long deliveries;

    /** Takes what was decided, in the order of time. */
    @FunctionalInterface
    public interface Decisions {
        /** Of a setting, counted from 0. */
        void take(int setting, List<Decided> decided);
    }

    /** Is asked between two batches. */
    @FunctionalInterface
    public interface Continuation {
        /**
         * Whether to go on.
         *
         * @param deliveries so many have been folded since it was asked last
         */
        boolean after(long deliveries);
    }

    /**
     * @param returnWithinMs see {@link Hindsight}; or {@link #WITHOUT_HINDSIGHT}
     */
    public Backtest(PastDeliveries past, List<Setting> settings, int processors, long returnWithinMs) {
        this.past = past;
        this.workers = past.workers();
        this.shards = new ArrayList<>();
        for (int i = 0; i < processors; i++) {
            shards.add(new Shard(settings, i, processors, returnWithinMs));
        }
    }

    /**
     * Runs to the end, and lets what is still held then run to its deadline.
     *
     * @return whether it came to the end
     */
    public boolean run(Decisions decisions, Continuation continuation) {
        Batch batch = Batch.next(past, 0);
        first = batch == null ? null : Instant.ofEpochMilli(batch.timeAt(0));
        while (batch != null) {
            List<Future<?>> work = submit(batch);
            deliveries += batch.size();
            // Read while the last one is folded.
            Batch next = Batch.next(past, deliveries);
            await(work);
            handOut(decisions);
            if (!continuation.after(batch.size())) {
                return false;
            }
            batch = next;
        }
        await(shards.stream()
                .<Future<?>>map(shard -> workers.submit(shard::runOut))
                .toList());
        handOut(decisions);
        return true;
    }

    private List<Future<?>> submit(Batch batch) {
        List<Future<?>> work = new ArrayList<>();
        for (Shard shard : shards) {
            work.add(workers.submit(() -> shard.fold(batch)));
        }
        return work;
    }

    private static void await(List<Future<?>> work) {
        for (Future<?> each : work) {
            try {
                each.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Expected to wait for a fold, but was interrupted", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("Expected to fold a batch, but failed", e.getCause());
            }
        }
    }

    private void handOut(Decisions decisions) {
        for (int setting = 0; setting < shards.get(0).settings(); setting++) {
            List<Decided> all = new ArrayList<>();
            for (Shard shard : shards) {
                all.addAll(shard.takeDecided(setting));
            }
            all.sort(Decided.ORDER);
            decisions.take(setting, all);
        }
    }

    /** What all processors saw; to be asked once, after the run. */
    Hindsight hindsight() {
        Iterator<Hindsight> each = shards.stream()
                .map(shard -> Objects.requireNonNull(shard.hindsight(), "Expected a run with hindsight"))
                .iterator();
        Hindsight all = each.next();
        each.forEachRemaining(all::add);
        return all;
    }

    /** How many were folded. */
    long deliveries() {
        return deliveries;
    }

    /** When the first one arrived; null if there was none. */
    @Nullable
    Instant first() {
        return first;
    }
}
