package io.handover.history.sources;

/**
 * Limits how much of each log is read ahead, so that a thousand open logs use as much memory as one. Only the reading
 * thread uses it.
 */
public final class ReadAhead {

    /** The number of pieces of each log that are read ahead, so that no worker waits. */
    static final int PIECES = 4;

    private static final int MAX_PIECE_BYTES = 1024 * 1024;
    private static final int MIN_PIECE_BYTES = 16 * 1024;
    private static final int ALL_BYTES = 16 * 1024 * 1024;

    private int open;

    void opened() {
        open++;
    }

    void closed() {
        open--;
    }

    /** Returns about how many bytes the next piece of a log has. */
    int pieceBytes() {
        return Math.max(MIN_PIECE_BYTES, Math.min(MAX_PIECE_BYTES, ALL_BYTES / PIECES / Math.max(1, open)));
    }
}
