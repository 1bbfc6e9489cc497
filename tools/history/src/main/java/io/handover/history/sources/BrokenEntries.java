package io.handover.history.sources;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import io.handover.terminal.CommandException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes the broken entries of all sources to a file. Each line is a JSON object with the source, the line or offset,
 * the reason and the content of an entry. The file is created with the first entry.
 */
public final class BrokenEntries implements AutoCloseable {

    private static final JsonFactory JSON =
            new JsonFactoryBuilder().rootValueSeparator("\n").build();

    private final Path file;
    private @Nullable JsonGenerator writer;
    private @Nullable BrokenEntry first;
    private long count;

    public BrokenEntries(Path file) {
        this.file = file;
    }

    void add(BrokenEntry entry) {
        count++;
        first = first == null ? entry : first;
        try {
            if (writer == null) {
                writer = JSON.createGenerator(new BufferedOutputStream(Files.newOutputStream(file)));
            }
            write(writer, entry);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private CommandException cannotWrite(IOException e) {
        return new CommandException("The file " + file + " for broken entries cannot be written: " + e, e);
    }

    private static void write(JsonGenerator writer, BrokenEntry entry) throws IOException {
        writer.writeStartObject();
        writer.writeStringField("source", entry.source());
        writer.writeNumberField("line", entry.number());
        writer.writeStringField("reason", entry.reason());
        try {
            writer.writeStringField(
                    "content",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(entry.content()))
                            .toString());
        } catch (CharacterCodingException e) {
            // The content is not valid UTF-8, so some of its bytes would be lost in a text.
            writer.writeStringField("contentBase64", Base64.getEncoder().encodeToString(entry.content()));
        }
        writer.writeEndObject();
    }

    long count() {
        return count;
    }

    /** Returns the first broken entry; null if there is none. */
    @Nullable
    BrokenEntry first() {
        return first;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        if (writer != null) {
            try {
                writer.writeRaw('\n');
                writer.close();
            } catch (IOException e) {
                throw cannotWrite(e);
            }
        }
    }
}
