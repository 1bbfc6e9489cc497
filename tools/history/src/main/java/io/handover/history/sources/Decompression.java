package io.handover.history.sources;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Decompresses gzip and zstd. The first bytes of the file show its format; the file name is ignored. */
final class Decompression {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int GZIP_MAGIC = 0x1F8B;
    private static final int ZSTD_MAGIC = 0x28B5;

    private Decompression() {}

    static InputStream of(InputStream raw) throws IOException {
        InputStream file = new WholeFile(raw);
        file.mark(2);
        int magic = (file.read() << 8) | file.read();
        file.reset();
        return switch (magic) {
            case GZIP_MAGIC -> new GZIPInputStream(file, BUFFER_BYTES);
            case ZSTD_MAGIC -> new ZstdInputStreamNoFinalizer(file);
            default -> file;
        };
    }

    /** Returns the shell command that decompresses the file of this stream; null if it is not compressed. */
    static @Nullable String command(InputStream decompressed) {
        if (decompressed instanceof GZIPInputStream) {
            return "gzip -dc";
        }
        return decompressed instanceof ZstdInputStreamNoFinalizer ? "zstd -dc" : null;
    }

    /**
     * Reports available bytes until the end of the file, even if a pipe has none at the moment. If no bytes were
     * available, {@link GZIPInputStream} would end after the first of several concatenated archives.
     */
    private static final class WholeFile extends BufferedInputStream {

        private WholeFile(InputStream raw) {
            super(raw, BUFFER_BYTES);
        }

        @Override
        public synchronized int available() throws IOException {
            mark(1);
            int next = read();
            reset();
            return next < 0 ? 0 : 1;
        }
    }
}
