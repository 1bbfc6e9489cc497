package io.handover.history.sources;

import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says that a file has a {@link ForeignFormat}, and which command converts it. */
final class ForeignFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[\\w./:@%+=,-]+");

    private final ForeignFormat format;
    private final @Nullable String decompression;

    /** @param decompression the shell command that decompresses the file first; null if it is not compressed */
    ForeignFormatException(ForeignFormat format, @Nullable String decompression) {
        super("it is " + format.description());
        this.format = format;
        this.decompression = decompression;
    }

    /**
     * Returns what the file is, and the command that converts it.
     *
     * @param file null for standard input
     */
    String advice(@Nullable String file) {
        if (format == ForeignFormat.ZIP && (file == null || decompression != null)) {
            return getMessage() + ". Unpack it into files first; unzip cannot read a pipe";
        }
        String input = file == null ? "" : ' ' + quoted(file);
        String command =
                decompression == null ? format.command() + input : decompression + input + " | " + format.command();
        return getMessage() + ". Convert it with: " + command + (file == null ? "" : " > " + quoted(file + ".ndjson"));
    }

    private static String quoted(String file) {
        return NEEDS_NO_QUOTES.matcher(file).matches() ? file : '\'' + file.replace("'", "'\\''") + '\'';
    }
}
