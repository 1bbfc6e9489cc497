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
import java.util.function.LongPredicate;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries of the past, folded in virtual time under one setting or several.
 *
 * <p>A conversation depends only on its own deliveries and on the stream time. So the conversations are divided among the
 * processors by their ids, each processor advances the stream time, and the result is the same for any number of
 * processors. The next batch is read while one is folded.
 */
public final class Backtest {

    /** For a run that judges no ends. */
    public static final long WITHOUT_HINDSIGHT = -1;

    private final PastDeliveries past;
    private final ExecutorService workers;
    private final List<BacktestShard> shards;
    private @Nullable Instant first;
    private long deliveries;

    /**
     * @param returnWithinMs see {@link Hindsight}; or {@link #WITHOUT_HINDSIGHT}
     */
    public Backtest(PastDeliveries past, List<Setting> settings, int processors, long returnWithinMs) {
        this.past = past;
        this.workers = past.workers();
        this.shards = new ArrayList<>();
        for (int i = 0; i < processors; i++) {
            shards.add(new BacktestShard(settings, i, processors, returnWithinMs));
        }
    }

    /**
     * Runs to the end of the log, and lets the ends that are held then run to their deadlines.
     *
     * @param output receives the commands of each setting, by its index, in the order of time
     * @param goesOn is asked after each batch with the number of its deliveries; false stops the run
     * @return whether it reached the end
     */
    public boolean run(ObjIntConsumer<List<DecidedCommand>> output, LongPredicate goesOn) {
        DeliveryBatch batch = DeliveryBatch.next(past, 0);
        first = batch == null ? null : Instant.ofEpochMilli(batch.timeAt(0));
        while (batch != null) {
            List<Future<?>> work = submit(batch);
            deliveries += batch.size();
            DeliveryBatch next = DeliveryBatch.next(past, deliveries);
            await(work);
            write(output);
            if (!goesOn.test(batch.size())) {
                return false;
            }
            batch = next;
        }
        await(shards.stream()
                .<Future<?>>map(shard -> workers.submit(shard::runOut))
                .toList());
        write(output);
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
                throw new IllegalStateException("Expected to wait for a fold, but was interrupted", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("Expected to fold a batch, but failed", e.getCause());
            }
        }
    }

    private void write(ObjIntConsumer<List<DecidedCommand>> output) {
        for (int setting = 0; setting < shards.get(0).settings(); setting++) {
            List<DecidedCommand> all = new ArrayList<>();
            for (BacktestShard shard : shards) {
                all.addAll(shard.removeDecided(setting));
            }
            all.sort(DecidedCommand.ORDER);
            output.accept(all, setting);
        }
    }

    /** The judgements of all processors. Call it once, after the run: it adds them up in place. */
    Hindsight hindsight() {
        Iterator<Hindsight> each = shards.stream()
                .map(shard -> Objects.requireNonNull(shard.hindsight(), "Expected a run with hindsight"))
                .iterator();
        Hindsight all = each.next();
        each.forEachRemaining(all::add);
        return all;
    }

    /** How many deliveries were folded. */
    long deliveries() {
        return deliveries;
    }

    /** When the first delivery arrived, or null if there was none. */
    @Nullable
    Instant first() {
        return first;
    }
}
