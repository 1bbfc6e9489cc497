package io.handover.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.github.luben.zstd.ZstdOutputStream;
import io.handover.reference.Envelope;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Deliveries as they are written down: an envelope a line. */
final class GeneratedLines implements Closeable {

    private static final JsonFactory JSON = new JsonFactory().setRootValueSeparator("");
    private static final int BUFFER_BYTES = 1 << 16;

    private final JsonGenerator json;

    private GeneratedLines(OutputStream out) throws IOException {
        this.json = JSON.createGenerator(new BufferedOutputStream(out, BUFFER_BYTES));
    }

    /** Into a file, which is compressed if its name says so. */
    static GeneratedLines to(Path file) throws IOException {
        OutputStream bytes = Files.newOutputStream(file);
        String name = file.toString();
        if (name.endsWith(".gz")) {
            return new GeneratedLines(new GZIPOutputStream(bytes, BUFFER_BYTES));
        }
        return new GeneratedLines(name.endsWith(".zst") ? new ZstdOutputStream(bytes) : bytes);
    }

    /** To standard output, which stays open. */
    static GeneratedLines to(PrintStream out) throws IOException {
        return new GeneratedLines(new Checked(out));
    }

    void write(GeneratedDelivery delivery) throws IOException {
        Envelope.write(json, delivery.event(), delivery.publication());
        json.writeRaw('\n');
    }

    @Override
    public void close() throws IOException {
        json.close();
    }

    /** A print stream keeps its troubles to itself, and would be written to long after nobody reads it any more. */
    private static final class Checked extends OutputStream {

        private final PrintStream out;

        private Checked(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            flush();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            flush();
        }

        @Override
        public void flush() throws IOException {
            if (out.checkError()) {
                throw new IOException("it is full, or nobody reads it any more");
            }
        }
    }
}
