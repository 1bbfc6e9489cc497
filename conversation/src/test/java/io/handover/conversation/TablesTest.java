package io.handover.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The two tables of decisions are data. The texts in the Javadoc and in {@code docs/decisions.md} are rendered from it:
 * if a test fails, replace the old table in the file with the expected one.
 */
class TablesTest {

    private static final Path SOURCES = Path.of("src/main/java/io/handover/conversation");
    private static final Path DOCS = Path.of("../docs/decisions.md");

    private static List<List<String>> outcomes() {
        return Arrays.stream(Outcome.values())
                .map(row -> List.of(String.valueOf(row.row()), row.event(), row.when(), row.then()))
                .toList();
    }

    private static List<List<String>> readings() {
        return Arrays.stream(Reading.Row.values())
                .map(row -> List.of(row.when(), row.pending()))
                .toList();
    }

    @Test
    void shouldShowTheOutcomesInTheJavadoc() throws IOException {
        // When / Then
        assertThat(Files.readString(SOURCES.resolve("Outcome.java")))
                .contains(pre(" * ", List.of(3, 16, 48, 46), outcomes()));
    }

    @Test
    void shouldShowTheReadingsInTheJavadoc() throws IOException {
        // When / Then
        assertThat(Files.readString(SOURCES.resolve("Reading.java")))
                .contains(pre("     * ", List.of(62, 48), readings()));
    }

    @Test
    void shouldShowTheOutcomesInTheDocumentation() throws IOException {
        // Given
        List<List<String>> labelled = Arrays.stream(Outcome.values())
                .map(row -> List.of(
                        String.valueOf(row.row()), '`' + row.label() + '`', row.event(), row.when(), row.then()))
                .toList();
        // When / Then
        assertThat(Files.readString(DOCS))
                .contains(markdown(List.of("row", "label", "event", "when", "then"), labelled));
    }

    @Test
    void shouldShowTheReadingsInTheDocumentation() throws IOException {
        // When / Then
        assertThat(Files.readString(DOCS)).contains(markdown(List.of("when", "pending end"), readings()));
    }

    @Test
    void shouldNameEveryRowOnce() {
        // When / Then
        assertThat(Outcome.values()).extracting(Outcome::row).doesNotHaveDuplicates();
        assertThat(Outcome.values()).extracting(Outcome::label).doesNotHaveDuplicates();
    }

    private static String markdown(List<String> head, List<List<String>> rows) {
        List<List<String>> all =
                new ArrayList<>(List.of(head, head.stream().map(column -> "---").toList()));
        all.addAll(rows);
        return all.stream()
                .map(cells -> cells.stream()
                        .map(cell -> cell.replace("*", "\\*"))
                        .collect(Collectors.joining(" | ", "| ", " |\n")))
                .collect(Collectors.joining());
    }

    /** The rows as text in columns of these widths. */
    private static String pre(String margin, List<Integer> widths, List<List<String>> rows) {
        StringBuilder text = new StringBuilder(margin).append("<pre>\n");
        for (List<String> cells : rows) {
            List<List<String>> columns = new ArrayList<>();
            for (int i = 0; i < cells.size(); i++) {
                columns.add(wrap(cells.get(i), widths.get(i)));
            }
            int height = columns.stream().mapToInt(List::size).max().orElseThrow();
            for (int line = 0; line < height; line++) {
                StringBuilder row = new StringBuilder(margin);
                for (int i = 0; i < columns.size(); i++) {
                    String cell = line < columns.get(i).size() ? columns.get(i).get(line) : "";
                    row.append(cell).append(" ".repeat(widths.get(i) + 1 - cell.length()));
                }
                text.append(row.toString().stripTrailing()).append('\n');
            }
        }
        return text.append(margin).append("</pre>\n").toString();
    }

    private static List<String> wrap(String cell, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : cell.split(" ", -1)) {
            if (line.length() + word.length() + 1 > width && !line.isEmpty()) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
