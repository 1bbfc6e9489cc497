package io.handover.history.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.history.report.AgainstResult;
import io.handover.history.report.AgainstResult.Difference;
import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandComparisonTest {

    private static final Instant BEGIN = Instant.parse("2026-03-02T08:00:00Z");

    @TempDir
    Path folder;

    @Test
    void shouldFindTheSameCommands() throws IOException {
        // Given
        Path file = file(command(1, ""), command(2, ""), command(3, ""));

        // When
        AgainstResult result = compare(file, command(1, ""), command(2, ""), command(3, ""));

        // Then
        assertThat(result).isEqualTo(new AgainstResult(file.toString(), 3, List.of(), 0, 0, 0));
        assertThat(result.differing()).isZero();
    }

    @Test
    void shouldListMissingAdditionalAndChangedCommands() throws IOException {
        // Given
        Path file = file(command(1, ""), command(2, ""), command(3, "old"));

        // When
        AgainstResult result = compare(file, command(1, ""), command(3, "new"), command(4, ""));

        // Then
        assertThat(result)
                .isEqualTo(new AgainstResult(
                        file.toString(),
                        1,
                        List.of(
                                new Difference("conversation-3", command(3, "old"), command(3, "new")),
                                new Difference("conversation-2", command(2, ""), null),
                                new Difference("conversation-4", null, command(4, ""))),
                        1,
                        1,
                        1));
    }

    @Test
    void shouldAcceptAnotherOrder() throws IOException {
        // Given
        Path file = file(command(3, ""), command(1, ""), command(2, ""));

        // When
        AgainstResult result = compare(file, command(1, ""), command(2, ""), command(3, ""));

        // Then
        assertThat(result.differing()).isZero();
        assertThat(result.same()).isEqualTo(3);
    }

    @Test
    void shouldFindACommandThatIsThereTwice() throws IOException {
        // Given
        Path file = file(command(1, ""), command(1, ""));

        // When
        AgainstResult result = compare(file, command(1, ""));

        // Then
        assertThat(result.same()).isEqualTo(1);
        assertThat(result.missing()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"id\":\"a\",\"conversationId\":\"b\",\"decidedAt\":\"yesterday\"}",
                // the last line, cut where the disk was full
                "{\"id\":\"a\",\"conversationId\":\"b\",\"deci"
            })
    void shouldNameALineThatIsNotACommand(String broken) throws IOException {
        // Given
        Path file = file(command(1, ""), broken);

        // When, Then
        assertThatThrownBy(() -> compare(file, command(1, "")))
                .isInstanceOf(CommandException.class)
                .hasMessage(
                        "Line 2 of " + file + " is not a command. Give a file with the standard output of backtest.");
    }

    @Test
    void shouldNameAMissingFile() {
        // Given
        Path file = folder.resolve("nothing.ndjson");

        // When, Then
        assertThatThrownBy(() -> CommandComparison.open(file))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("nothing.ndjson cannot be read");
    }

    private static AgainstResult compare(Path file, String... commands) {
        try (CommandComparison comparison = CommandComparison.open(file)) {
            for (String command : commands) {
                int number = Integer.parseInt(command.replaceAll(".*\"command-(\\d+)\".*", "$1"));
                comparison.add("command-" + number, "conversation-" + number, BEGIN.plusSeconds(number), command);
            }
            return comparison.result();
        }
    }

    private static String command(int number, String reason) {
        return "{\"id\":\"command-" + number + "\",\"conversationId\":\"conversation-" + number + "\",\"decidedAt\":\""
                + BEGIN.plusSeconds(number) + "\",\"reason\":\"" + reason + "\"}";
    }

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("old.ndjson"), String.join("\n", lines) + "\n");
    }
}
