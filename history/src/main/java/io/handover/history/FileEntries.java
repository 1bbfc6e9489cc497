package io.handover.history;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a file, compressed or not: its lines, or the elements of its JSON array. What kind of file it is shows
 * in its first bytes, and not in its name.
 */
final class FileEntries implements Closeable {

    /** Sixteen times what EventBridge delivers. One entry must not take all memory. */
    static final int MAX_ENTRY_BYTES = 16 * 1024 * 1024;

    private static final int BUFFER_BYTES = 1024 * 1024;
    private static final int KEPT_OF_TOO_LONG = 1024;
    private static final int GZIP_MAGIC = 0x1F8B;
    private static final int ZSTD_MAGIC = 0x28B5;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private long line = 1;
    private boolean started;
    private boolean isArray;
    private boolean ended;

    FileEntries(InputStream raw) throws IOException {
        in = decompressed(raw);
    }

    private static InputStream decompressed(InputStream raw) throws IOException {
        InputStream buffered = new BufferedInputStream(raw, 64 * 1024);
        buffered.mark(2);
        int magic = (buffered.read() << 8) | buffered.read();
        buffered.reset();
        return switch (magic) {
            case GZIP_MAGIC -> new GZIPInputStream(buffered, 64 * 1024);
            case ZSTD_MAGIC -> new ZstdInputStreamNoFinalizer(buffered);
            default -> buffered;
        };
    }

    /** The next entries, about so many bytes of them; none at the end. */
    List<RawEntry> read(int bytes) throws IOException {
        List<RawEntry> entries = new ArrayList<>();
        for (int taken = 0; taken < bytes; ) {
            RawEntry entry = next();
            if (entry == null) {
                break;
            }
            entries.add(entry);
            taken += entry.bytes().length;
        }
        return entries;
    }

    private @Nullable RawEntry next() throws IOException {
        if (!started) {
            start();
        }
        return isArray ? nextElement() : nextLine();
    }

    private void start() throws IOException {
        started = true;
        while (to - from < BYTE_ORDER_MARK.length && fill()) {
            // read() may give less than there is
        }
        if (to - from >= BYTE_ORDER_MARK.length
                && Arrays.equals(buffer, from, from + BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, 3)) {
            from += BYTE_ORDER_MARK.length;
        }
        skipSpace();
        isArray = from < to && buffer[from] == '[';
        if (isArray) {
            from++;
        }
    }

    /** Blank lines are no entries. */
    private @Nullable RawEntry nextLine() throws IOException {
        skipSpace();
        if (from == to) {
            return null;
        }
        long number = line;
        int scanned = 0;
        while (true) {
            for (int i = from + scanned; i < to; i++) {
                if (buffer[i] == '\n') {
                    return taken(number, i - from);
                }
            }
            scanned = to - from;
            if (scanned > MAX_ENTRY_BYTES) {
                return tooLong(number);
            }
            if (!fill()) {
                return taken(number, scanned);
            }
        }
    }

    private @Nullable RawEntry nextElement() throws IOException {
        skipSpace();
        while (from < to && buffer[from] == ',') {
            from++;
            skipSpace();
        }
        if (ended) {
            return null;
        }
        if (from < to && buffer[from] == ']') {
            return afterArray();
        }
        if (from == to) {
            ended = true;
            return new RawEntry(line, new byte[0], "Expected the array to be closed by ], but the file ends");
        }
        return buffer[from] == '{' ? object() : somethingElse();
    }

    private @Nullable RawEntry afterArray() throws IOException {
        ended = true;
        from++;
        skipSpace();
        return from == to ? null : cut(line, "Expected the file to end with its array, but something follows");
    }

    private RawEntry object() throws IOException {
        long number = line;
        JsonObjects scan = new JsonObjects();
        int scanned = 0;
        while (true) {
            while (from + scanned < to) {
                if (scan.endsWith(buffer[from + scanned++])) {
                    return taken(number, scanned);
                }
            }
            if (scanned > MAX_ENTRY_BYTES) {
                ended = true;
                return cut(
                        number,
                        "Expected an element of at most 16 MiB, but it does not end; the rest of the array"
                                + " cannot be read");
            }
            if (!fill()) {
                ended = true;
                return cut(number, "Expected the element to end, but the file does");
            }
        }
    }

    /** Up to the next comma or line end: what it is, is told when it is read. */
    private RawEntry somethingElse() throws IOException {
        long number = line;
        int scanned = 0;
        while (true) {
            while (from + scanned < to) {
                byte b = buffer[from + scanned];
                if (b == ',' || b == ']' || b == '\n') {
                    return taken(number, scanned);
                }
                scanned++;
            }
            if (scanned > MAX_ENTRY_BYTES || !fill()) {
                ended = true;
                return cut(number, "Expected an element of the array, but found something else");
            }
        }
    }

    private RawEntry tooLong(long number) throws IOException {
        RawEntry entry = cut(number, "Expected a line of at most 16 MiB, but it is longer");
        from = to;
        while (fill()) {
            for (int i = from; i < to; i++) {
                if (buffer[i] == '\n') {
                    from = i;
                    return entry;
                }
            }
            from = to;
        }
        return entry;
    }

    private RawEntry cut(long number, String problem) {
        return new RawEntry(number, Arrays.copyOfRange(buffer, from, Math.min(to, from + KEPT_OF_TOO_LONG)), problem);
    }

    private RawEntry taken(long number, int length) {
        int end = from + length;
        int last = end;
        while (last > from && JsonObjects.isSpace(buffer[last - 1])) {
            last--;
        }
        RawEntry entry = new RawEntry(number, Arrays.copyOfRange(buffer, from, last), null);
        for (int i = from; isArray && i < end; i++) {
            line += buffer[i] == '\n' ? 1 : 0;
        }
        from = end;
        return entry;
    }

    private void skipSpace() throws IOException {
        while (true) {
            while (from < to && JsonObjects.isSpace(buffer[from])) {
                line += buffer[from] == '\n' ? 1 : 0;
                from++;
            }
            if (from < to || !fill()) {
                return;
            }
        }
    }

    /** Reads more behind what is there. Returns whether there was more. */
    private boolean fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, to, buffer.length - to);
        to += Math.max(0, read);
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
