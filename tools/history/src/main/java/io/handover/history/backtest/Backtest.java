package io.handover.history.backtest;

import io.handover.history.report.Setting;
import io.handover.history.sources.PastDeliveries;
import io.handover.schema.EventType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Folds deliveries of the past in virtual time, under one or more settings.
 *
 * <p>The decisions about a conversation depend only on its own deliveries and on the stream time. The conversation ids
 * are divided among the processors, and each processor advances the stream time. The result is the same for any number
 * of processors. The next batch is read, and earlier commands are written, while the current batch is folded.
 */
public final class Backtest {

    public static final Set<EventType> ALL_TOPICS = Collections.unmodifiableSet(EnumSet.allOf(EventType.class));

    /** The value of {@code returnWithinMs} for a run without {@link Hindsight}. */
    public static final long WITHOUT_HINDSIGHT = -1;

    private final PastDeliveries past;
    private final ExecutorService workers;
    private final List<BacktestShard> shards;
    private @Nullable Instant first;
    private long deliveries;

    /**
     * @param topics the topics that decide; hindsight judges by all
     * @param processors the number of shards; the result does not depend on it
     * @param returnWithinMs the time after an end within which an agent comes back, in ms, see {@link Hindsight}; or
     *     {@link #WITHOUT_HINDSIGHT}
     */
    public Backtest(
            PastDeliveries past, List<Setting> settings, Set<EventType> topics, int processors, long returnWithinMs) {
        this.past = past;
        this.workers = past.workers();
        this.shards = new ArrayList<>();
        for (int i = 0; i < processors; i++) {
            shards.add(new BacktestShard(settings, topics, i, processors, returnWithinMs, past.isPartitioned()));
        }
    }

    /**
     * Folds all deliveries. After the last delivery, the stream time goes on until every handover has ended and every
     * conversation is forgotten, as in a live log that only gets clock ticks.
     *
     * @param output receives the commands in {@link DecidedCommand#ORDER}, and the index of their setting. It is called by
     *     the workers, one call after the other, while the next deliveries are folded
     * @param goesOn is called after each batch with the number of deliveries in the batch; false stops the run
     * @return false if {@code goesOn} stopped the run
     */
    public boolean run(ObjIntConsumer<List<DecidedCommand>> output, LongPredicate goesOn) {
        Writing writing = new Writing(output);
        try {
            return run(writing, goesOn);
        } finally {
            // Also after a failure: what was decided before it is written whole.
            writing.await();
        }
    }

    private boolean run(Writing writing, LongPredicate goesOn) {
        DeliveryBatch batch = DeliveryBatch.next(past, 0);
        first = batch == null ? null : Instant.ofEpochMilli(batch.timeAt(0));
        while (batch != null) {
            List<Future<?>> work = submit(batch);
            deliveries += batch.size();
            DeliveryBatch next = DeliveryBatch.next(past, deliveries);
            await(work);
            if (batch.endsWindow()) {
                writing.next();
            }
            if (!goesOn.test(batch.size())) {
                return false;
            }
            batch = next;
        }
        writing.next();
        await(shards.stream()
                .<Future<?>>map(shard -> workers.submit(shard::runOut))
                .toList());
        writing.next();
        return true;
    }

    private List<Future<?>> submit(DeliveryBatch batch) {
        List<Future<?>> work = new ArrayList<>();
        for (BacktestShard shard : shards) {
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
                throw new IllegalStateException("Expected to wait for a worker, but was interrupted", e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException("Expected a worker to succeed, but it failed", e.getCause());
            }
        }
    }

    /** Passes the commands to the output on a worker, so that the next deliveries are folded meanwhile. */
    private final class Writing {

        private final ObjIntConsumer<List<DecidedCommand>> output;
        private Future<?> last = CompletableFuture.completedFuture(null);

        private Writing(ObjIntConsumer<List<DecidedCommand>> output) {
            this.output = output;
        }

        /** Waits until the earlier commands are written, and gives those that were decided since to a worker. */
        void next() {
            await();
            List<List<DecidedCommand>> decided = new ArrayList<>();
            for (int setting = 0; setting < shards.get(0).settings(); setting++) {
                List<DecidedCommand> all = new ArrayList<>();
                for (BacktestShard shard : shards) {
                    all.addAll(shard.removeDecided(setting));
                }
                decided.add(all);
            }
            last = workers.submit(() -> {
                for (int setting = 0; setting < decided.size(); setting++) {
                    decided.get(setting).sort(DecidedCommand.ORDER);
                    output.accept(decided.get(setting), setting);
                }
            });
        }

        void await() {
            Backtest.await(List.of(last));
        }
    }

    /**
     * Returns the judgements of all processors. Call this once, after the run: it adds them to those of the first one.
     */
    Hindsight hindsight() {
        Iterator<Hindsight> each = shards.stream()
                .map(shard -> Objects.requireNonNull(shard.hindsight(), "Expected a run with hindsight"))
                .iterator();
        Hindsight all = each.next();
        each.forEachRemaining(all::add);
        return all;
    }

    /** Returns the number of deliveries that were folded. */
    long deliveries() {
        return deliveries;
    }

    /** Returns the arrival time of the first delivery; null if there was no delivery. */
    @Nullable
    Instant first() {
        return first;
    }
}
