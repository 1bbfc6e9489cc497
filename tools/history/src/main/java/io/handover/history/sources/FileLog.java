package io.handover.history.sources;

import io.handover.terminal.CommandException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A file of deliveries, or standard input. The file is opened when the first piece is read, and closed at the end of
 * the file.
 */
public final class FileLog extends Log {

    private final String name;
    private final @Nullable Path file;
    private final DeliveryReader reader;
    private final long size;
    private @Nullable FileEntries entries;
    private final AtomicLong bytesRead = new AtomicLong();

    /**
     * Creates a log without opening the file.
     *
     * @param file null for standard input
     * @throws CommandException if the size of the file cannot be read
     */
    public FileLog(@Nullable Path file, DeliveryReader reader, ExecutorService workers, ReadAhead readAhead) {
        super(workers, readAhead);
        this.name = file == null ? ReadFailure.STANDARD_INPUT : file.toString();
        this.file = file;
        this.reader = reader;
        this.size = file == null ? -1 : sizeOf(file);
    }

    private static long sizeOf(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : -1;
        } catch (IOException e) {
            throw ReadFailure.of(file.toString(), e);
        }
    }

    @Override
    @Nullable
    Callable<LogPiece> readPiece(int bytes) {
        try {
            if (entries == null) {
                entries = FileEntries.open(new CountingStream(file == null ? System.in : Files.newInputStream(file)));
            }
            List<RawEntry> piece = entries.read(bytes);
            return piece.isEmpty() ? null : () -> reader.read(name, piece);
        } catch (IOException e) {
            throw ReadFailure.of(name, e);
        }
    }

    /** Counts the bytes that are read from the file, before they are decompressed. Does not close standard input. */
    private final class CountingStream extends FilterInputStream {

        private CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            bytesRead.addAndGet(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = in.read(into, offset, length);
            bytesRead.addAndGet(Math.max(0, read));
            return read;
        }

        /**
         * Returns 0 without asking the stream: for a pipe, the stream would ask its channel for the position and fail.
         */
        @Override
        public int available() {
            return 0;
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                in.close();
            }
        }
    }

    /**
     * Returns when the first delivery of a file arrived, epoch ms. A delivery that the filter rejects counts too.
     * Returns {@link Long#MAX_VALUE} if the file has no delivery.
     *
     * @throws CommandException if the file cannot be read
     */
    public static long firstTime(Path file) {
        DeliveryReader all = new DeliveryReader(DeliveryFilter.ALL);
        try (FileEntries entries = FileEntries.open(file)) {
            for (List<RawEntry> piece = entries.read(1); !piece.isEmpty(); piece = entries.read(1)) {
                List<PastDelivery> deliveries = all.read(file.toString(), piece).deliveries;
                if (!deliveries.isEmpty()) {
                    return deliveries.get(0).time();
                }
            }
            return Long.MAX_VALUE;
        } catch (IOException e) {
            throw ReadFailure.of(file.toString(), e);
        }
    }

    @Override
    long done() {
        return bytesRead.get();
    }

    @Override
    long size() {
        return size;
    }

    @Override
    public void close() {
        try {
            if (entries != null) {
                entries.close();
                entries = null;
            }
        } catch (IOException e) {
            throw new CommandException(name + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
