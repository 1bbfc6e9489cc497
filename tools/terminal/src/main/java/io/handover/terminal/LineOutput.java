package io.handover.terminal;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a file or to standard output. A file is compressed if its name ends in .gz or .zst. Standard output stays
 * open.
 */
public final class LineOutput extends OutputStream {

    private static final int BUFFER_BYTES = 1 << 16;

    private final PrintStream out;

    private LineOutput(PrintStream out) {
        this.out = out;
    }

    /**
     * Opens the file, or standard output.
     *
     * @param file null for standard output
     */
    public static OutputStream open(@Nullable Path file, PrintStream out) throws IOException {
        return new BufferedOutputStream(file == null ? new LineOutput(out) : compressed(file), BUFFER_BYTES);
    }

    private static OutputStream compressed(Path file) throws IOException {
        OutputStream bytes = Files.newOutputStream(file);
        String name = file.toString();
        if (name.endsWith(".gz")) {
            return new GZIPOutputStream(bytes, BUFFER_BYTES);
        }
        return name.endsWith(".zst") ? new ZstdOutputStreamNoFinalizer(bytes) : bytes;
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

    /**
     * Throws an exception if a write has failed, because a {@link PrintStream} only sets an error flag. Without the
     * exception, the command would go on writing after the reader of its output has ended.
     */
    @Override
    public void flush() throws IOException {
        if (out.checkError()) {
            throw new IOException("it is full, or its reader has ended");
        }
    }

    @Override
    public void close() throws IOException {
        flush();
    }

    /** Returns the exception with the message for the user. */
    public static CommandException cannotWrite(@Nullable Path file, IOException e) {
        return new CommandException(
                (file == null ? "Standard output" : "The file " + file) + " cannot be written: " + reason(e) + ".", e);
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "its folder does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return reason == null ? e.toString() : reason;
    }
}
