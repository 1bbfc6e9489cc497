package io.handover.history.sources;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Buffers a file from the current position on, and counts the lines and bytes before this position. The buffer grows
 * until its bytes are skipped.
 */
final class FileBuffer implements Closeable {

    private static final int INITIAL_BYTES = 256 * 1024;

    private final InputStream in;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int from;
    private int to;
    private boolean ended;
    private long bytesRead;
    private long line = 1;
    private long lineBegin;

    FileBuffer(InputStream in) {
        this.in = in;
    }

    /** Returns the byte at an offset from the current position; negative after the end of the file. */
    int at(int offset) throws IOException {
        while (from + offset >= to) {
            if (!fill()) {
                return -1;
            }
        }
        return bytes[from + offset] & 0xFF;
    }

    /**
     * Copies buffered bytes, from an offset after the current position. Reads nothing from the file.
     *
     * @param most the maximum number of bytes; fewer are copied if fewer are buffered
     * @return the number of copied bytes
     */
    int copy(int offset, byte[] into, int intoOffset, int most) {
        int count = Math.min(most, to - from - offset);
        System.arraycopy(bytes, from + offset, into, intoOffset, count);
        return count;
    }

    /** Returns the next {@code length} bytes without the white space at their end. */
    byte[] stripped(int length) {
        return Arrays.copyOfRange(bytes, from, from + strippedLength(length));
    }

    int strippedLength(int length) {
        int end = from + length;
        while (end > from && isSpace(bytes[end - 1])) {
            end--;
        }
        return end - from;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /**
     * Returns the offset of the next line end, or of the end of the file if no line end follows. If both are farther
     * away than {@code most} bytes, returns some number above {@code most}.
     */
    int endOfLine(int most) throws IOException {
        int scanned = 0;
        do {
            for (int i = from + scanned; i < to; i++) {
                if (bytes[i] == '\n') {
                    return i - from;
                }
            }
            scanned = to - from;
        } while (scanned <= most && fill());
        return scanned;
    }

    void skip(int length) {
        int end = from + length;
        for (; from < end; from++) {
            if (bytes[from] == '\n') {
                line++;
                lineBegin = position() + 1;
            }
        }
    }

    /** Skips bytes that contain no line end. Faster than {@link #skip}, which looks for line ends. */
    void skipInLine(int length) {
        from += length;
    }

    /** Returns the line number of the current position, counted from 1. */
    long line() {
        return line;
    }

    /** Returns the number of bytes before the current position. */
    long position() {
        return bytesRead - (to - from);
    }

    /** Returns the number of bytes between the beginning of the line and the current position. */
    long column() {
        return position() - lineBegin;
    }

    /**
     * Reads more bytes into the buffer, and may move the buffered bytes to its front. Returns false at the end of the
     * file.
     */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (from > 0) {
            System.arraycopy(bytes, from, bytes, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int read = in.read(bytes, to, bytes.length - to);
        // The file is not read again after its end: on a terminal, the user would have to press Ctrl-D a second time.
        ended = read <= 0;
        to += Math.max(0, read);
        bytesRead += Math.max(0, read);
        return !ended;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
