package io.handover.history.generate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.handover.terminal.LineOutput;
import io.handover.traffic.Envelope;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes generated deliveries, one envelope per line. */
final class GeneratedLines implements Closeable {

    private static final JsonFactory JSON = new JsonFactory().setRootValueSeparator("");

    private final JsonGenerator json;

    private GeneratedLines(OutputStream out) throws IOException {
        this.json = JSON.createGenerator(out);
    }

    /** @param file null for standard output */
    static GeneratedLines to(@Nullable Path file, PrintStream out) throws IOException {
        return new GeneratedLines(LineOutput.open(file, out));
    }

    void write(GeneratedDelivery delivery) throws IOException {
        Envelope.write(json, delivery.event(), delivery.publication());
        json.writeRaw('\n');
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
