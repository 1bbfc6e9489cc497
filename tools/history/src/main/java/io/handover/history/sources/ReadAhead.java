package io.handover.history.sources;

/**
 * How much of each log is read ahead: together they take the same memory whether one is open or a thousand are. Used by
 * the reading thread alone.
 */
public final class ReadAhead {

    /** Of each log, so that the workers always have some. */
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

    /** How much to read of a log at a time. */
    int pieceBytes() {
        return Math.max(MIN_PIECE_BYTES, Math.min(MAX_PIECE_BYTES, ALL_BYTES / PIECES / Math.max(1, open)));
    }
}
