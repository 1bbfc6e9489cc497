package io.handover.history.sources;

import io.handover.terminal.CommandException;
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
public abstract class Log implements AutoCloseable {

    private final ExecutorService workers;
    private final ReadAhead readAhead;
    private final Deque<Future<Chunk>> ahead = new ArrayDeque<>();
    private @Nullable Chunk chunk;
    private int position;
    private boolean isBegun;
    private boolean isRead;
    private @Nullable CommandException failure;
    private long time = Long.MIN_VALUE;

    Log(ExecutorService workers, ReadAhead readAhead) {
        this.workers = workers;
        this.readAhead = readAhead;
    }

    /**
     * Reads the next piece. Returns what makes sense of it; null at the end.
     *
     * @param bytes how much of it, about
     * @throws CommandException if that is not possible
     */
    abstract @Nullable Callable<Chunk> readPiece(int bytes);

    /** How much of it has been read, of {@link #size}. */
    abstract long done();

    /** How much there is: bytes or records; negative if nobody knows. */
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
        if (!isBegun) {
            isBegun = true;
            readAhead.opened();
        }
        while (!isRead && ahead.size() < ReadAhead.PIECES) {
            readOn();
        }
        Future<Chunk> next = ahead.poll();
        if (next != null) {
            return result(next);
        }
        if (failure != null) {
            throw failure;
        }
        readAhead.closed();
        return null;
    }

    private void readOn() {
        Callable<Chunk> piece = null;
        try {
            piece = readPiece(readAhead.pieceBytes());
        } catch (CommandException e) {
            // What stands before it comes first.
            failure = e;
        }
        if (piece != null) {
            ahead.add(workers.submit(piece));
        } else {
            isRead = true;
            close();
        }
    }

    private static Chunk result(Future<Chunk> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected to wait for a chunk, but was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("Expected to read a chunk, but failed", e.getCause());
        }
    }

    /** Called when everything was read, and a second time when it is not wanted any more. */
    @Override
    public abstract void close();
}
