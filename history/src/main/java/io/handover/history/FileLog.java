package io.handover.history;

import io.handover.service.CommandException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** A file of deliveries, or standard input; opened when it is first read. */
final class FileLog extends Log {

    private static final int PIECE_BYTES = 1024 * 1024;

    private final String name;
    private final @Nullable Path file;
    private final DeliveryReader reader;
    private final long size;
    private @Nullable FileEntries entries;
    private long bytesRead;

    /** @param file null for standard input */
    FileLog(@Nullable Path file, DeliveryReader reader, ExecutorService workers) {
        super(workers);
        this.name = file == null ? "standard input" : file.toString();
        this.file = file;
        this.reader = reader;
        this.size = file == null ? 0 : sizeOf(file);
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    @Nullable
    Callable<Chunk> readPiece() {
        List<RawEntry> piece = read(PIECE_BYTES);
        return piece.isEmpty() ? null : () -> reader.read(name, piece);
    }

    private List<RawEntry> read(int bytes) {
        try {
            if (entries == null) {
                entries = new FileEntries(counted(file == null ? System.in : Files.newInputStream(file)));
            }
            return entries.read(bytes);
        } catch (IOException e) {
            throw new CommandException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
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
        };
    }

    /** When its first delivery arrived, whether selected or not; {@link Long#MAX_VALUE} if it has none. */
    static long firstTime(Path file) {
        DeliveryReader all = new DeliveryReader(Selection.ALL);
        try (FileEntries entries = new FileEntries(Files.newInputStream(file))) {
            for (List<RawEntry> piece = entries.read(1); !piece.isEmpty(); piece = entries.read(1)) {
                List<PastDelivery> deliveries = all.read(file.toString(), piece).deliveries;
                if (!deliveries.isEmpty()) {
                    return deliveries.get(0).time();
                }
            }
            return Long.MAX_VALUE;
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read: " + e.getMessage(), e);
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
