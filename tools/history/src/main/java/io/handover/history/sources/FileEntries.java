package io.handover.history.sources;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a file: the JSON objects that stand one behind the other, on lines of their own or not, in arrays or
 * not; and between them whatever is none.
 *
 * <p>Where each object has its line, the lines are taken as they are, which is several times as fast as looking for the
 * brace that closes, and what is broken cannot reach beyond its line. The first object shows whether it is so.
 */
public final class FileEntries implements Closeable {

    /** Sixteen times what EventBridge delivers. One entry must not take all memory. */
    public static final int MAX_ENTRY_BYTES = 16 * 1024 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int KEPT_OF_TOO_LONG = 1024;

    /** How the objects stand that are in no array. */
    private enum Layout {
        UNKNOWN,
        A_LINE_EACH,
        ANYHOW
    }

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private long line = 1;
    private boolean started;
    private boolean ended;
    private Layout layout = Layout.UNKNOWN;
    private int openArrays;
    private @Nullable IOException failure;

    FileEntries(InputStream in) {
        this.in = in;
    }

    /**
     * The next entries, about so many bytes of them; none at the end.
     *
     * @throws IOException if reading failed; everything before that has been returned
     */
    List<RawEntry> read(int bytes) throws IOException {
        if (failure != null) {
            throw failure;
        }
        List<RawEntry> entries = new ArrayList<>();
        try {
            for (int taken = 0; taken < bytes; ) {
                RawEntry entry = next();
                if (entry == null) {
                    break;
                }
                entries.add(entry);
                taken += entry.bytes().length;
            }
        } catch (IOException e) {
            if (entries.isEmpty()) {
                throw e;
            }
            failure = e;
        }
        return entries;
    }

    private @Nullable RawEntry next() throws IOException {
        if (!started) {
            skipByteOrderMark();
        }
        skipSeparators();
        if (from == to) {
            return atEnd();
        }
        if (buffer[from] != '{') {
            return somethingElse();
        }
        if (openArrays > 0) {
            return object();
        }
        if (layout == Layout.UNKNOWN) {
            layout = layout();
        }
        return layout == Layout.A_LINE_EACH ? line() : object();
    }

    private void skipByteOrderMark() throws IOException {
        started = true;
        if (at(0) == 0xEF && at(1) == 0xBB && at(2) == 0xBF) {
            from += 3;
        }
    }

    private void skipSeparators() throws IOException {
        do {
            for (; from < to; from++) {
                switch (buffer[from]) {
                    case '\n' -> line++;
                    case '[' -> openArrays++;
                    case ']' -> openArrays = Math.max(0, openArrays - 1);
                    case ' ', '\r', '\t', ',' -> {
                        // nothing to see
                    }
                    default -> {
                        return;
                    }
                }
            }
        } while (fill());
    }

    private @Nullable RawEntry atEnd() {
        if (openArrays == 0) {
            return null;
        }
        openArrays = 0;
        return new RawEntry(line, new byte[0], "Expected the array to be closed by ], but the file ends");
    }

    /** Looks at the first object, and at what follows it. */
    private Layout layout() throws IOException {
        ObjectEnd end = new ObjectEnd();
        int length = lengthOfObject(end);
        boolean isOnOneLine = newLine(from, length < 0 ? to : from + length) < 0;
        if (!end.isClosed()) {
            return !isOnOneLine || (length >= 0 && at(length) == '\n') ? Layout.A_LINE_EACH : Layout.ANYHOW;
        }
        int behind = length;
        while (at(behind) == ' ' || at(behind) == '\t' || at(behind) == '\r') {
            behind++;
        }
        return isOnOneLine && (at(behind) == '\n' || at(behind) < 0) ? Layout.A_LINE_EACH : Layout.ANYHOW;
    }

    private RawEntry line() throws IOException {
        int scanned = 0;
        int end = newLine(from, to);
        while (end < 0 && to - from <= MAX_ENTRY_BYTES) {
            scanned = to - from;
            end = fill() ? newLine(from + scanned, to) : to;
        }
        int length = end - from;
        if (end < 0 || length > MAX_ENTRY_BYTES) {
            layout = Layout.ANYHOW;
            return object();
        }
        // What is written over several lines does not close its brace on the first one, and has the next one indented.
        int next = at(length + 1);
        if (next != '{' && next >= 0 && lastVisible(length) != '}') {
            return object();
        }
        RawEntry entry = entry(length);
        from += length;
        return entry;
    }

    private RawEntry object() throws IOException {
        ObjectEnd end = new ObjectEnd();
        int length = lengthOfObject(end);
        if (length >= 0 && length <= MAX_ENTRY_BYTES) {
            return taken(length);
        }
        int next = ObjectEnd.findNext(buffer, from, Math.min(to, from + MAX_ENTRY_BYTES));
        if (next >= 0) {
            return taken(next - from);
        }
        if (length < 0 && to - from <= MAX_ENTRY_BYTES) {
            return taken(to - from);
        }
        RawEntry entry = cut("Expected an object of at most 16 MiB, but it is longer");
        skip(length < 0 ? to - from : length);
        for (int behind = length; behind < 0 && fill(); ) {
            behind = end.find(buffer, from, to);
            skip(behind < 0 ? to - from : behind - from);
        }
        return entry;
    }

    /** Up to its end, as {@link ObjectEnd} finds it; negative if it is too long, or the file ends. */
    private int lengthOfObject(ObjectEnd end) throws IOException {
        int scanned = 0;
        do {
            int behind = end.find(buffer, from + scanned, to);
            if (behind >= 0) {
                return behind - from;
            }
            scanned = to - from;
        } while (scanned <= MAX_ENTRY_BYTES && fill());
        return -1;
    }

    /** Up to the line's end, or in an array to the next comma: what it is, is told when it is read. */
    private RawEntry somethingElse() throws IOException {
        int length = 0;
        while (length <= MAX_ENTRY_BYTES && !endsElse(at(length))) {
            length++;
        }
        if (length <= MAX_ENTRY_BYTES) {
            return taken(length);
        }
        RawEntry entry = cut("Expected an object, but found something else of more than 16 MiB");
        skip(length);
        while (!endsElse(at(0))) {
            skip(1);
        }
        return entry;
    }

    private boolean endsElse(int b) {
        return b < 0 || b == '\n' || (openArrays > 0 && (b == ',' || b == ']'));
    }

    private RawEntry cut(String problem) {
        return new RawEntry(line, Arrays.copyOfRange(buffer, from, Math.min(to, from + KEPT_OF_TOO_LONG)), problem);
    }

    private RawEntry taken(int length) {
        RawEntry entry = entry(length);
        skip(length);
        return entry;
    }

    private RawEntry entry(int length) {
        int end = from + length;
        while (end > from && ObjectEnd.isSpace(buffer[end - 1])) {
            end--;
        }
        return new RawEntry(line, Arrays.copyOfRange(buffer, from, end), null);
    }

    private void skip(int length) {
        int end = from + length;
        for (; from < end; from++) {
            line += buffer[from] == '\n' ? 1 : 0;
        }
    }

    private int newLine(int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private byte lastVisible(int length) {
        int i = from + length - 1;
        while (i > from && ObjectEnd.isSpace(buffer[i])) {
            i--;
        }
        return buffer[i];
    }

    /** The byte so far from here; negative at the end. */
    private int at(int offset) throws IOException {
        while (from + offset >= to) {
            if (!fill()) {
                return -1;
            }
        }
        return buffer[from + offset] & 0xFF;
    }

    /** Reads more behind what is there. Returns whether there was more. */
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int read = in.read(buffer, to, buffer.length - to);
        // Not to be asked again: a terminal would want its Ctrl-D a second time.
        ended = read <= 0;
        to += Math.max(0, read);
        return !ended;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
