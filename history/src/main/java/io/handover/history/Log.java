package io.handover.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries in the order in which they arrived: a file, or a partition of a topic. It is read by one thread, and made
 * sense of by several ahead of it, of which each takes a chunk.
 */
abstract class Log implements AutoCloseable {

    private static final int CHUNKS_AHEAD = 4;

    private final ExecutorService workers;
    private final Deque<Future<Chunk>> ahead = new ArrayDeque<>();
    private @Nullable Chunk chunk;
    private int position;
    private boolean isRead;
    private long time = Long.MIN_VALUE;

    Log(ExecutorService workers) {
        this.workers = workers;
    }

    /** Reads the next piece. Returns what makes sense of it; null at the end. */
    abstract @Nullable Callable<Chunk> readPiece();

    /** How much of it has been read, of {@link #size}. */
    abstract long done();

    /** How much there is: bytes or records; 0 if nobody knows. */
    abstract long size();

    /** The next delivery, which stays the next until {@link #advance}; null at the end. */
    @Nullable
    PastDelivery head(Consumer<Chunk> taken) {
        while (chunk == null || position == chunk.deliveries.size()) {
            chunk = nextChunk();
            position = 0;
            if (chunk == null) {
                return null;
            }
            taken.accept(chunk);
        }
        return chunk.deliveries.get(position);
    }

    void advance(PastDelivery taken) {
        time = Math.max(time, taken.time());
        position++;
    }

    /** The time of the log when that next delivery is read: the highest so far, because it never goes back. */
    long timeAt(PastDelivery head) {
        return Math.max(time, head.time());
    }

    private @Nullable Chunk nextChunk() {
        while (!isRead && ahead.size() < CHUNKS_AHEAD) {
            Callable<Chunk> piece = readPiece();
            isRead = piece == null;
            if (piece != null) {
                ahead.add(workers.submit(piece));
            }
        }
        Future<Chunk> next = ahead.poll();
        return next == null ? null : result(next);
    }

    private static Chunk result(Future<Chunk> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected to wait for a chunk, but was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Expected to read a chunk, but failed", e.getCause());
        }
    }

    @Override
    public abstract void close();
}
