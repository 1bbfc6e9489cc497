package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenEntriesTest {

    @TempDir
    private Path folder;

    @Test
    void shouldWriteALineForEach() throws IOException {
        // Given
        Path file = folder.resolve("broken.ndjson");
        // When
        try (BrokenEntries broken = new BrokenEntries(file)) {
            broken.add(new BrokenEntry("a.ndjson", 7, utf8("{\"x\" ü"), "It breaks off."));
            broken.add(new BrokenEntry("a.ndjson", 8, new byte[] {'{', (byte) 0xC3}, "It is no text."));
            // Then
            assertThat(broken.count()).isEqualTo(2);
        }
        assertThat(file).hasContent("""
                        {"source":"a.ndjson","line":7,"reason":"It breaks off.","content":"{\\"x\\" ü"}
                        {"source":"a.ndjson","line":8,"reason":"It is no text.","contentBase64":"e8M="}
                        """);
    }

    @Test
    void shouldMakeNoFileForNothing() {
        // Given
        Path file = folder.resolve("broken.ndjson");
        // When
        new BrokenEntries(file).close();
        // Then
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldReplaceWhatAnEarlierRunWrote() throws IOException {
        // Given
        Path file =
                Files.writeString(folder.resolve("broken.ndjson"), "earlier, and longer than what comes\n".repeat(9));
        // When
        try (BrokenEntries broken = new BrokenEntries(file)) {
            broken.add(new BrokenEntry("a", 1, utf8("x"), "y"));
        }
        // Then
        assertThat(file).hasContent("{\"source\":\"a\",\"line\":1,\"reason\":\"y\",\"content\":\"x\"}\n");
    }

    @Test
    void shouldSayInOneSentenceThatItCannotWrite() {
        // Given
        try (BrokenEntries broken = new BrokenEntries(folder)) {
            // When / Then
            assertThatThrownBy(() -> broken.add(new BrokenEntry("a", 1, utf8("x"), "y")))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("The file " + folder + " for broken entries cannot be written");
        }
    }
}
