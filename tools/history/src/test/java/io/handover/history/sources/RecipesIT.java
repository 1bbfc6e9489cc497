package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.awkward;
import static io.handover.history.sources.Envelopes.customerEnd;
import static io.handover.history.sources.Envelopes.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of {@code docs/history.md} that convert files of other formats. Each is run by a shell. */
class RecipesIT {

    private static final Path PAGE = Path.of("..", "..", "docs", "history.md");

    private static final List<String> DELIVERIES =
            List.of(awkward("c1", 1, "ä€😀 \\n \\u0001"), customerEnd("c2", 2), customerEnd("c3", 3));

    @TempDir
    private Path folder;

    /** The lines of the page, such as {@code unzip -p FILE   # zip}, without their comments. */
    static Stream<String> recipes() throws IOException {
        String section = Files.readString(PAGE).split("\n## Deliveries in another format\n", 2)[1];
        String block = section.split("```sh\n", 2)[1].split("```", 2)[0];
        return block.lines().map(line -> line.replaceFirst(" +# [^']*$", ""));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void shouldTurnAFileIntoASource(String recipe) throws Exception {
        // Given
        ForeignFormat format = format(recipe);
        Files.write(folder.resolve("FILE"), ForeignFiles.of(format, DELIVERIES));
        // When
        byte[] output = run(recipe);
        // Then
        assertThat(deliveries(output)).containsExactlyElementsOf(DELIVERIES);
    }

    @Test
    void shouldHaveARecipeForEachFormat() throws IOException {
        assertThat(recipes().map(RecipesIT::format)).containsExactlyInAnyOrder(ForeignFormat.values());
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameACommandThatWorks(DecompressionTest.Form form) throws Exception {
        // Given
        byte[] file = form.of(ForeignFiles.of(ForeignFormat.KINESIS_RECORDS, DELIVERIES));
        Path source = Files.write(folder.resolve("today's records"), file);
        ForeignFormatException foreign =
                catchThrowableOfType(ForeignFormatException.class, () -> FileEntries.open(source));
        // When
        run(foreign.advice(source.toString()).split("Convert it with: ", 2)[1]);
        // Then
        assertThat(deliveries(Files.readAllBytes(folder.resolve("today's records.ndjson"))))
                .containsExactlyElementsOf(DELIVERIES);
    }

    private static ForeignFormat format(String recipe) {
        return Arrays.stream(ForeignFormat.values())
                .filter(format -> recipe.equals(format.command() + " FILE"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Expected a command of ForeignFormat, but found " + recipe));
    }

    private byte[] run(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] output = shell.getInputStream().readAllBytes();
        assertThat(shell.waitFor()).isZero();
        return output;
    }

    private static List<String> deliveries(byte[] file) throws IOException {
        try (FileEntries entries = FileEntries.open(new ByteArrayInputStream(file))) {
            LogPiece piece = new DeliveryReader(DeliveryFilter.ALL).read("file", entries.read(Integer.MAX_VALUE));
            assertThat(piece.broken).isEmpty();
            return json(piece.deliveries);
        }
    }
}
