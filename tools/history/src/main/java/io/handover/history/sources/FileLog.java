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
import org.jspecify.annotations.Nullable;

/** A file of deliveries, or standard input; open from its first delivery until everything was read. */
public final class FileLog extends Log {

    private final String name;
    private final @Nullable Path file;
    private final DeliveryReader reader;
    private final long size;
    private @Nullable FileEntries entries;
    private long bytesRead;

    /**
     * A log that is not opened yet.
     *
     * @param file null for standard input
     * @throws CommandException if it is not there
     */
    public FileLog(@Nullable Path file, DeliveryReader reader, ExecutorService workers, ReadAhead readAhead) {
        super(workers, readAhead);
        this.name = file == null ? "Standard input" : file.toString();
        this.file = file;
        this.reader = reader;
        this.size = file == null ? -1 : sizeOf(file);
    }

    private static long sizeOf(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : -1;
        } catch (IOException e) {
            throw Unreadable.because(file.toString(), e);
        }
    }

    @Override
    @Nullable
    Callable<Chunk> readPiece(int bytes) {
        try {
            if (entries == null) {
                entries = open(new Counted(file == null ? System.in : Files.newInputStream(file)));
            }
            List<RawEntry> piece = entries.read(bytes);
            return piece.isEmpty() ? null : () -> reader.read(name, piece);
        } catch (IOException e) {
            throw Unreadable.because(name, e);
        }
    }

    private static FileEntries open(InputStream raw) throws IOException {
        try {
            return new FileEntries(Decompression.of(raw));
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** Counts what is read of the file itself. Standard input is not this log's to close. */
    private final class Counted extends FilterInputStream {

        private Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            bytesRead += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = in.read(into, offset, length);
            bytesRead += Math.max(0, read);
            return read;
        }

        /** Asked of a pipe, a channel would look for its position, and fail. */
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

    /** When its first delivery arrived, whether selected or not; {@link Long#MAX_VALUE} if it has none. */
    public static long firstTime(Path file) {
        DeliveryReader all = new DeliveryReader(Selection.ALL);
        try (FileEntries entries = open(Files.newInputStream(file))) {
            for (List<RawEntry> piece = entries.read(1); !piece.isEmpty(); piece = entries.read(1)) {
                List<PastDelivery> deliveries = all.read(file.toString(), piece).deliveries;
                if (!deliveries.isEmpty()) {
                    return deliveries.get(0).time();
                }
            }
            return Long.MAX_VALUE;
        } catch (IOException e) {
            throw Unreadable.because(file.toString(), e);
        }
    }

    @Override
    long done() {
        return bytesRead;
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
