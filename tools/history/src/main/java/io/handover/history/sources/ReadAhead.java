package io.handover.history.sources;

/**
 * Limits the bytes that are read ahead. If many logs are open, the pieces of each log are smaller, but at least 16 KiB.
 * Not thread-safe: only the reading thread uses it.
 */
public final class ReadAhead {

    /** The number of pieces of each log that are read ahead, so that workers do not wait for the reading thread. */
    static final int PIECES = 4;

    private static final int MAX_PIECE_BYTES = 256 * 1024;
    private static final int MIN_PIECE_BYTES = 16 * 1024;
    private static final int ALL_BYTES = 16 * 1024 * 1024;

    private int open;

    void opened() {
        open++;
    }

    void closed() {
        open--;
    }

    /** Returns the approximate size of the next piece of a log, in bytes. */
    int pieceBytes() {
        return Math.max(MIN_PIECE_BYTES, Math.min(MAX_PIECE_BYTES, ALL_BYTES / PIECES / Math.max(1, open)));
    }
}
