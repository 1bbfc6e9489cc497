package io.handover.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestBenchmarkTest {

    @Test
    void shouldCompareEachBacktestWithTheReaderOfTheSameFile() {
        // Given
        Map<FileReader, List<FileFigures>> all = new TreeMap<>(Map.of(
                FileReader.BACKTEST,
                List.of(new FileFigures(30, 10, 1 << 20, 0), new FileFigures(50, 20, 3 << 20, 0.07)),
                FileReader.CAT,
                List.of(new FileFigures(80, 1, 1 << 20, 0)),
                FileReader.BACKTEST_GZ,
                List.of(new FileFigures(30, 10, 1 << 20, 0)),
                FileReader.ZCAT,
                List.of(new FileFigures(40, 1, 1 << 20, 0))));
        // When
        String text = BacktestBenchmark.text(all);
        // Then
        assertThat(text.lines().toList().get(1)).matches("backtest +30 +40 +50 +10.00 +15.00 +20.00 +3");
        assertThat(text).contains("backtest / cat | wc -l: rate 0.50", "backtest .gz / zcat | wc -l: rate 0.75");
        assertThat(BacktestBenchmark.foreign(all)).isEqualTo(0.07);
    }

    @Test
    void shouldNameTheProgramThatIsMissing(@TempDir Path folder) {
        assertThatThrownBy(() -> BacktestBenchmark.requireOnPath("zcat", folder.toString()))
                .isInstanceOf(CommandException.class)
                .hasMessage("This benchmark needs the program zcat, but no folder of the PATH has it; install it.");
    }

    @Test
    void shouldStartABacktestAsTheLauncherDoes() throws IOException {
        String launcher = Files.readString(Path.of("../../tools/cli/src/main/distribution/bin/handover"));

        assertThat(launcher.replaceAll("\\s+", " "))
                .contains("backtest | explain | generate | replay) flags=( "
                        + String.join(" ", FileReader.LAUNCHER_FLAGS) + " ) ;;");
    }
}
