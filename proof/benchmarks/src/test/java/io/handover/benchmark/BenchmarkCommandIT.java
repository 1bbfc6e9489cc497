package io.handover.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole run in short. Its figures are worth nothing, so nothing is said about them here. */
class BenchmarkCommandIT {

    @TempDir
    Path folder;

    @Test
    void shouldMeasureEachContender() {
        // When
        String text = run("topology", "5000");
        // Then
        assertThat(text)
                .containsPattern("(?m)^streams-app +\\d+ ")
                .containsPattern("(?m)^floor +\\d+ ")
                .containsPattern("(?m)^deduplication +\\d+ ")
                .containsPattern("(?m)^deduplication-with-defaults +\\d+ ")
                .contains("streams-app / floor: rate ", "streams-app / deduplication: rate ");
    }

    @Test
    void shouldMeasureBacktestsOfAPlainAndOfACompressedFile() {
        // When
        String text = run("backtest", "2000");
        // Then
        assertThat(text)
                .containsPattern("(?m)^backtest +\\d+ ")
                .containsPattern("(?m)^cat \\| wc -l +\\d+ ")
                .containsPattern("(?m)^backtest .gz +\\d+ ")
                .containsPattern("(?m)^zcat \\| wc -l +\\d+ ")
                .contains("backtest / cat | wc -l: rate ", "backtest .gz / zcat | wc -l: rate ");
    }

    private String run(String benchmark, String records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = CommandRunner.run(
                BenchmarkCommand::commandLine,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                benchmark,
                "--records",
                records,
                "--rounds",
                "1",
                "--keep",
                folder.toString());
        String text = out.toString(StandardCharsets.UTF_8);
        // On a machine that runs a whole build, there may be no verdict.
        assertThat(code)
                .as(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(text.contains("No verdict") ? CommandRunner.EXIT_FAILURE : CommandRunner.EXIT_OK);
        return text;
    }
}
