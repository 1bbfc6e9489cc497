package io.handover.history.sources;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream ahead in a thread of its own, so that a file is decompressed while its deliveries are folded. The
 * thread starts only when the file is not small, because many files can be open.
 */
final class AheadStream extends FilterInputStream {

    private static final int BLOCK_BYTES = 128 * 1024;
    private static final int BLOCKS = 4;
    private static final int SMALL_BYTES = 1024 * 1024;
    private static final byte[] NONE = new byte[0];

    private final BlockingQueue<Block> blocks = new ArrayBlockingQueue<>(BLOCKS);
    private @Nullable Thread thread;
    private Block block = new Block(NONE, 0, null);
    private int position;
    private long taken;

    /**
     * What one read returned.
     *
     * @param length the number of bytes; negative at the end of the stream and after a failure
     * @param failure why reading failed, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; the array is not copied
    private record Block(byte[] bytes, int length, @Nullable Throwable failure) {}

    AheadStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (thread == null && taken < SMALL_BYTES) {
            int read = in.read(into, offset, length);
            taken += Math.max(0, read);
            return read;
        }
        while (position == block.length && length > 0) {
            block = next();
            position = 0;
        }
        if (block.failure instanceof Error error) {
            throw error;
        }
        if (block.failure != null) {
            throw block.failure instanceof IOException known
                    ? known
                    : new IOException(block.failure.toString(), block.failure);
        }
        if (block.length < 0) {
            // The end stays the current block, because nothing follows it.
            return -1;
        }
        int count = Math.min(length, block.length - position);
        System.arraycopy(block.bytes, position, into, offset, count);
        position += count;
        return count;
    }

    private Block next() throws IOException {
        if (thread == null) {
            thread = new Thread(this::readAhead, "history-reader");
            thread.setDaemon(true);
            thread.start();
        }
        try {
            return blocks.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void readAhead() {
        try {
            boolean goesOn = true;
            while (goesOn) {
                Block next = readBlock();
                blocks.put(next);
                goesOn = next.length >= 0;
            }
        } catch (InterruptedException e) {
            // The stream was closed before its end.
            Thread.currentThread().interrupt();
        }
    }

    private Block readBlock() {
        try {
            byte[] bytes = new byte[BLOCK_BYTES];
            return new Block(bytes, in.read(bytes, 0, bytes.length), null);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // A stream that is closed meanwhile can fail with any exception. Without a block, the other thread would
            // wait
            // for ever.
            return new Block(NONE, -1, e);
        }
    }

    @Override
    public void close() throws IOException {
        if (thread != null) {
            thread.interrupt();
        }
        in.close();
    }
}
