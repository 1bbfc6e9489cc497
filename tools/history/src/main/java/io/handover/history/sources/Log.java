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
 * Reads the deliveries of one file, or of one partition of a topic, in the order in which they are stored. One thread
 * reads pieces of the log ahead, and workers parse the pieces in parallel.
 */
public abstract class Log implements AutoCloseable {

    private final ExecutorService workers;
    private final ReadAhead readAhead;
    private final Deque<Future<LogPiece>> ahead = new ArrayDeque<>();
    private @Nullable LogPiece piece;
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
     * Reads the next piece. Returns the task that parses the piece; null at the end of the log.
     *
     * @param bytes about how many bytes to read
     * @throws CommandException if reading failed
     */
    abstract @Nullable Callable<LogPiece> readPiece(int bytes);

    /** Returns how many of the {@link #size} bytes or offsets have been read. */
    abstract long done();

    /** Returns the size of the log, in bytes for a file and in offsets for a partition; negative if it is unknown. */
    abstract long size();

    /**
     * Returns the next delivery; null at the end of the log. Until {@link #advance} is called, returns the same
     * delivery.
     *
     * @param onPiece receives each new piece once
     */
    @Nullable
    PastDelivery head(Consumer<LogPiece> onPiece) {
        while (piece == null || position == piece.deliveries.size()) {
            piece = nextPiece();
            position = 0;
            if (piece == null) {
                return null;
            }
            onPiece.accept(piece);
        }
        return piece.deliveries.get(position);
    }

    void advance(PastDelivery head) {
        time = Math.max(time, head.time());
        position++;
    }

    /**
     * Returns the time of the log at the next delivery, epoch ms: the highest time of all deliveries up to this one.
     */
    long timeAt(PastDelivery head) {
        return Math.max(time, head.time());
    }

    private @Nullable LogPiece nextPiece() {
        if (!isBegun) {
            isBegun = true;
            readAhead.opened();
        }
        while (!isRead && ahead.size() < ReadAhead.PIECES) {
            readOn();
        }
        Future<LogPiece> next = ahead.poll();
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
        Callable<LogPiece> parsing = null;
        try {
            parsing = readPiece(readAhead.pieceBytes());
        } catch (CommandException e) {
            // The exception is thrown later, after the pieces that were read before the failure.
            failure = e;
        }
        if (parsing != null) {
            ahead.add(workers.submit(parsing));
        } else {
            isRead = true;
            close();
        }
    }

    private static LogPiece result(Future<LogPiece> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected to wait for a piece, but was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("Expected to parse a piece, but failed", e.getCause());
        }
    }

    /** Closes the log. Called at the end of the log, and again when all logs are closed. */
    @Override
    public abstract void close();
}
