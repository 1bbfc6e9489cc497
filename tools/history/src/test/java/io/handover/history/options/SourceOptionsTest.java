package io.handover.history.options;

import static io.handover.history.sources.Envelopes.customerEnd;
import static io.handover.history.sources.Envelopes.drain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SourceOptionsTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        Files.writeString(folder.resolve("a"), customerEnd("a", 1) + '\n' + customerEnd("b", 2));
        Files.createDirectory(folder.resolve("empty"));
        Files.createDirectory(folder.resolve("loop"));
        Files.createSymbolicLink(folder.resolve("loop/again"), folder.resolve("loop"));
        Files.write(folder.resolve("cut.gz"), new byte[] {0x1F, (byte) 0x8B, 8});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "@/b; There is no file or folder @/b.",
                "@/empty; There are no files in the folder @/empty.",
                "@/loop; @/loop cannot be read: the link @/loop/again leads back to one of its parent folders",
                "@/cut.gz @/a; @/cut.gz cannot be read: the compressed data ends too early, check that the file is complete",
                "topic:x topic:y; A topic is read alone: give one topic, or files.",
                "topic:x @/a; A topic is read alone: give one topic, or files.",
                "topic:x; A topic needs --bootstrap-server HOST:PORT, the address of Kafka.",
                "topic:x --bootstrap-server nowhere; The topic x cannot be read: Invalid url in bootstrap.servers: nowhere",
                "topic:x --bootstrap-server h:1 --command-config @/b; The file @/b cannot be read as UTF-8 properties.",
                "--broken @/a @/a; @/a is also the file of --broken, which would overwrite it. Choose another file for one of them.",
                "--from 2026-01-15T10:00:00Z --to 2026-01-15T10:00:00Z @/a; --from 2026-01-15T10:00:00Z must be before --to 2026-01-15T10:00:00Z.",
            })
    void shouldSayInOneSentenceWhatCannotBe(String arguments, String sentence) {
        // Given
        SourceOptions options = options(in(arguments).split(" "));
        // When / Then
        assertThatThrownBy(() -> options.open(null))
                .isInstanceOf(CommandException.class)
                .hasMessage(in(sentence));
    }

    @Test
    void shouldNotTakeAnEmptyNameForTheWorkingDirectory() {
        // Given
        SourceOptions options = options("");
        // When / Then
        assertThatThrownBy(() -> options.open(null))
                .isInstanceOf(CommandException.class)
                .hasMessage("A SOURCE is empty. Check the variables of the shell command.");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 2",
        "--from 2026-01-15T10:00:02Z, 1",
        "--to 2026-01-15T10:00:02Z, 1",
        "--from 2026-01-15T10:00:03Z, 0",
        "--organization organization-1, 2",
        "--organization organization-2, 0",
    })
    void shouldSelect(String arguments, int count) {
        // Given
        SourceOptions options =
                options((folder.resolve("a") + " " + arguments).strip().split(" "));
        // When
        try (PastDeliveries deliveries = options.open(null)) {
            // Then
            assertThat(drain(deliveries)).hasSize(count);
            assertThat(deliveries.unwanted()).isZero();
        }
    }

    @Test
    void shouldSelectAConversation() {
        // When
        try (PastDeliveries deliveries = options(folder.resolve("a").toString()).open("b")) {
            // Then
            assertThat(drain(deliveries)).extracting(PastDelivery::key).containsExactly("b");
        }
    }

    private String in(String text) {
        return text.replace("@", folder.toString());
    }

    private static SourceOptions options(String... arguments) {
        SourceOptions options = new SourceOptions();
        new CommandLine(options).parseArgs(arguments);
        return options;
    }
}
