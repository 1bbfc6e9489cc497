package io.handover.history.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a file into entries: JSON objects, and the text between them that is no object. {@link DeliveryReader} parses
 * the entries later, and reports those that are not valid.
 *
 * <p>If the file has one object per line, each line is returned without being parsed, which is fast. In an array, or if
 * objects follow each other on a line, Jackson finds the end of each object. After a broken object, reading continues
 * at the next line that begins an object. If there is no such line, the rest of the file is one broken entry.
 */
public final class FileEntries implements Closeable {

    /**
     * The maximum size of an entry: 16 times the maximum size of a delivery, so that one entry cannot fill the memory.
     */
    public static final int MAX_ENTRY_BYTES = 16 * 1024 * 1024;

    /** The bytes by which a foreign format is recognised. */
    private static final int BEGINNING_BYTES = 8 * 1024;

    private static final int KEPT_OF_TOO_LONG = 1024;
    private static final String TOO_LONG = "Expected an object of at most 16 MiB, but it is longer";

    private static final JsonFactory JSON = JsonFactory.builder()
            // Jackson knows no byte offsets of text that it detects as UTF-16.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private final FileBuffer buffer;
    private boolean started;
    private boolean onePerLine;
    private int openArrays;
    private @Nullable IOException failure;

    FileEntries(InputStream in) {
        this.buffer = new FileBuffer(in);
    }

    /**
     * Opens a file, which may be compressed with gzip or zstd.
     *
     * @throws ForeignFormatException if the file has to be converted first
     */
    public static FileEntries open(Path file) throws IOException {
        return open(Files.newInputStream(file));
    }

    /**
     * Opens a stream, which may be compressed with gzip or zstd. Closes the stream if this fails.
     *
     * @throws ForeignFormatException if the content has to be converted first
     */
    static FileEntries open(InputStream raw) throws IOException {
        try {
            InputStream content = Decompression.of(raw);
            boolean isCompressed = Decompression.command(content) != null;
            FileEntries entries = new FileEntries(isCompressed ? new AheadStream(content) : content);
            ForeignFormat foreign = ForeignFormat.of(entries.beginning());
            if (foreign != null) {
                entries.close();
                throw new ForeignFormatException(foreign, Decompression.command(content));
            }
            return entries;
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** Splits one line into its entries. */
    static List<RawEntry> ofLine(byte[] line) {
        try (FileEntries entries = new FileEntries(new ByteArrayInputStream(line))) {
            return entries.read(Integer.MAX_VALUE);
        } catch (IOException e) {
            throw new IllegalStateException("Expected memory to be readable, but it is not", e);
        }
    }

    /**
     * Returns the next entries.
     *
     * @param bytes about how many bytes of entries to return
     * @return empty at the end of the file
     * @throws IOException if reading failed; earlier calls have returned the entries before the failure
     */
    public List<RawEntry> read(int bytes) throws IOException {
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

    private byte[] beginning() throws IOException {
        start();
        buffer.at(BEGINNING_BYTES - 1);
        byte[] beginning = new byte[BEGINNING_BYTES];
        return Arrays.copyOf(beginning, buffer.copy(0, beginning, 0, BEGINNING_BYTES));
    }

    private @Nullable RawEntry next() throws IOException {
        start();
        int first = skipSeparators();
        if (first < 0) {
            return atEnd();
        }
        if (first != '{') {
            return upTo(this::endsOther, "Expected an object, but found something else of more than 16 MiB");
        }
        if (onePerLine && openArrays == 0) {
            int length = buffer.endOfLine(MAX_ENTRY_BYTES);
            if (length <= MAX_ENTRY_BYTES && buffer.at(buffer.strippedLength(length) - 1) == '}') {
                RawEntry entry = new RawEntry(buffer.line(), buffer.stripped(length), null);
                buffer.skipInLine(length);
                return entry;
            }
        }
        return object();
    }

    /** Skips the byte order mark, once. */
    private void start() throws IOException {
        if (started) {
            return;
        }
        started = true;
        if (buffer.at(0) == 0xEF && buffer.at(1) == 0xBB && buffer.at(2) == 0xBF) {
            buffer.skip(3);
        }
    }

    /** Skips separators. Returns the first byte after them, which is not skipped; negative at the end of the file. */
    private int skipSeparators() throws IOException {
        while (true) {
            int b = buffer.at(0);
            switch (b) {
                case '[' -> openArrays++;
                case ']' -> openArrays = Math.max(0, openArrays - 1);
                case ' ', '\n', '\r', '\t', ',' -> {
                    // separators, which are not part of an entry
                }
                default -> {
                    return b;
                }
            }
            buffer.skip(1);
        }
    }

    private @Nullable RawEntry atEnd() {
        if (openArrays == 0) {
            return null;
        }
        openArrays = 0;
        return new RawEntry(buffer.line(), new byte[0], "Expected the array to be closed by ], but the file ends");
    }

    private RawEntry object() throws IOException {
        ObjectBytes bytes = new ObjectBytes();
        try (JsonParser parser = JSON.createParser(bytes)) {
            parser.nextToken();
            parser.skipChildren();
            int length = (int) (parser.currentLocation().getByteOffset() - bytes.dropped);
            if (bytes.dropped + length > MAX_ENTRY_BYTES) {
                RawEntry beginning = bytes.beginning == null ? cut(TOO_LONG) : bytes.beginning;
                buffer.skip(length);
                return beginning;
            }
            onePerLine = openArrays == 0 && isWholeLine(length);
            return taken(length);
        } catch (JsonProcessingException e) {
            return broken(bytes, e);
        }
    }

    /** Passes the bytes of the file to Jackson, beginning with the first byte of an object. */
    private final class ObjectBytes extends InputStream {

        /** The maximum number of bytes per read. Jackson asks for 8000 bytes, but most objects are shorter. */
        private static final int MOST_AT_ONCE = 2048;

        private final long line = buffer.line();
        private final long position = buffer.position();
        private final long column = buffer.column();
        private int given;
        private long dropped;
        private @Nullable RawEntry beginning;

        @Override
        public int read() {
            throw new UnsupportedOperationException("Expected Jackson to read into an array, but it did not");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (given > MAX_ENTRY_BYTES) {
                // The object is too long to be kept. Its remaining bytes are read only to find its end.
                beginning = beginning == null ? cut(TOO_LONG) : beginning;
                buffer.skip(given);
                dropped += given;
                given = 0;
            }
            if (buffer.at(given) < 0) {
                return -1;
            }
            int count = buffer.copy(given, into, offset, Math.min(length, MOST_AT_ONCE));
            given += count;
            return count;
        }
    }

    private RawEntry broken(ObjectBytes object, JsonProcessingException e) throws IOException {
        RawEntry entry = upTo(end -> buffer.at(end) == '\n' && beginsObject(end + 1, object.column), TOO_LONG);
        if (object.beginning != null) {
            return object.beginning;
        }
        boolean isLastLine = onePerLine && buffer.line() == object.line;
        if (buffer.at(0) >= 0 || e instanceof JsonEOFException || isLastLine || entry.problem() != null) {
            // DeliveryReader finds the reason when it parses the entry.
            return entry;
        }
        openArrays = 0;
        return new RawEntry(
                object.line,
                entry.bytes(),
                ("Expected valid JSON, but the object at line %d, byte %d of the content is broken;"
                                + " no later line begins another one, so the rest is not read")
                        .formatted(object.line, object.position));
    }

    /**
     * Returns whether an object begins at this offset, not indented deeper than the broken object. Objects inside the
     * broken object would be indented deeper.
     */
    private boolean beginsObject(int offset, long indentation) throws IOException {
        boolean beginsArray = false;
        for (int column = 0; column <= indentation; column++) {
            switch (buffer.at(offset + column)) {
                case '{' -> {
                    openArrays = beginsArray ? 0 : openArrays;
                    return true;
                }
                case '[' -> beginsArray = true;
                case ' ', '\t', ',' -> {
                    // still before the object
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    /**
     * Returns whether text that is no object ends here: at the line end, or in an array at the next {@code ,} or
     * {@code ]}.
     */
    private boolean endsOther(int offset) throws IOException {
        int b = buffer.at(offset);
        return b == '\n' || (openArrays > 0 && (b == ',' || b == ']'));
    }

    /** Decides whether an entry that is no valid object ends at an offset. */
    private interface End {

        boolean isAt(int offset) throws IOException;
    }

    private RawEntry upTo(End end, String tooLong) throws IOException {
        RawEntry beginning = null;
        int length = 0;
        while (buffer.at(length) >= 0 && !end.isAt(length)) {
            length++;
            if (length > MAX_ENTRY_BYTES) {
                beginning = beginning == null ? cut(tooLong) : beginning;
                buffer.skip(length);
                length = 0;
            }
        }
        RawEntry entry = taken(length);
        return beginning == null ? entry : beginning;
    }

    private RawEntry taken(int length) {
        RawEntry entry = new RawEntry(buffer.line(), buffer.stripped(length), null);
        buffer.skip(length);
        return entry;
    }

    private RawEntry cut(String problem) {
        byte[] kept = new byte[KEPT_OF_TOO_LONG];
        buffer.copy(0, kept, 0, kept.length);
        return new RawEntry(buffer.line(), kept, problem);
    }

    private boolean isWholeLine(int length) throws IOException {
        for (int i = 0; i < length; i++) {
            if (buffer.at(i) == '\n') {
                return false;
            }
        }
        int behind = length;
        while (buffer.at(behind) == ' ' || buffer.at(behind) == '\t' || buffer.at(behind) == '\r') {
            behind++;
        }
        return buffer.at(behind) == '\n' || buffer.at(behind) < 0;
    }

    @Override
    public void close() throws IOException {
        buffer.close();
    }
}
