package io.handover.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole runs in short. Their figures are worth nothing, so nothing is said about them here. */
class BenchmarkCommandIT {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @Test
    void shouldMeasureEachContender() {
        // When
        int code = run("topology", "--records", "5000", "--rounds", "1", "--keep", folder.toString());
        // Then
        assertMeasured(code)
                .containsPattern("(?m)^streams-app +\\d+ ")
                .containsPattern("(?m)^floor +\\d+ ")
                .containsPattern("(?m)^deduplication +\\d+ ")
                .containsPattern("(?m)^deduplication-with-defaults +\\d+ ")
                .contains("streams-app / floor: rate ", "streams-app / deduplication: rate ");
    }

    @Test
    void shouldMeasureEachEndpoint() {
        // When
        int code = run(
                "bridge",
                "--connections",
                "4",
                "--warm-up",
                "1",
                "--seconds",
                "1",
                "--rounds",
                "1",
                "--keep",
                folder.toString());
        // Then
        assertMeasured(code)
                .containsPattern("(?m)^keep-alive ")
                .containsPattern("(?m)^Connection: close ")
                .containsPattern("(?m)^bridge +\\d+ ")
                .containsPattern("(?m)^bridge, access.log=all +\\d+ ")
                .containsPattern("(?m)^bare handler +\\d+ ")
                .contains("bridge / bare handler (min med max): rate ");
    }

    @Test
    void shouldMeasureBacktestsOfAPlainAndOfACompressedFile() {
        // When
        int code = run("backtest", "--records", "2000", "--rounds", "1", "--keep", folder.toString());
        // Then
        assertMeasured(code)
                .containsPattern("(?m)^backtest +\\d+ ")
                .containsPattern("(?m)^cat \\| wc -l +\\d+ ")
                .containsPattern("(?m)^backtest .gz +\\d+ ")
                .containsPattern("(?m)^zcat \\| wc -l +\\d+ ")
                .contains("backtest / cat | wc -l: rate ", "backtest .gz / zcat | wc -l: rate ");
    }

    @Test
    void shouldMeasureTheStartOfBothProcesses() {
        // When
        int code = run(
                "start",
                "--records",
                "1000",
                "--rounds",
                "1",
                "--java-options",
                "-XX:+UseSerialGC",
                "--keep",
                folder.toString());
        // Then
        assertMeasured(code)
                .containsPattern("(?m)^streams-app plain( +\\d+\\.\\d\\d){6}( +\\d+){6}$")
                .containsPattern("(?m)^streams-app -XX:\\+UseSerialGC( +\\d+\\.\\d\\d){6}( +\\d+){6}$")
                .containsPattern("(?m)^bridge plain( +\\d+\\.\\d\\d){6}$")
                .containsPattern("(?m)^bridge -XX:\\+UseSerialGC( +\\d+\\.\\d\\d){6}$");
    }

    @Test
    void shouldMeasureTheLoops() {
        // When
        int code = run("loops", "--forks", "1", "--iteration-ms", "1");
        // Then
        AbstractStringAssert<?> text = assertMeasured(code);
        for (String part : List.of("decide", "decode", "encode", "fingerprint", "read", "timerKey")) {
            text.containsPattern("(?m)^" + part + "( +\\d+\\.\\d){2} +\\d+$");
        }
    }

    @Test
    void shouldMeasureTheLatency() {
        // When
        int code = run(
                "latency",
                "--deliveries",
                "100",
                "--warm-up",
                "100",
                "--rounds",
                "1",
                "--idle",
                "1s",
                "--keep",
                folder.toString());
        // Then
        assertMeasured(code)
                .containsPattern("(?m)^streams-app +\\d+")
                .containsPattern("(?m)^floor +\\d+")
                .contains("streams-app / floor: p50 ");
    }

    /** Few events would need less CPU than the idle share that is subtracted varies. */
    @Test
    void shouldMeasureTheGrowth() {
        // When
        int code = run(
                "growth",
                "--conversations",
                "1000,2000",
                "--events",
                "20000",
                "--warm-up",
                "100",
                "--rounds",
                "1",
                "--idle",
                "1s",
                "--keep",
                folder.toString());
        // Then
        assertMeasured(code)
                .containsPattern("(?m)^ +1,000 +\\d+")
                .containsPattern("2,000 / 1,000: CPU per noted event \\d");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldMeasureLiveQueries() {
        // When
        int code = run(
                "queries",
                "--conversations",
                "1000",
                "--held",
                "200",
                "--events",
                "2000",
                "--rounds",
                "1",
                "--keep",
                folder.toString());
        // Then
        assertMeasured(code)
                .containsPattern("with a page / without: \\d")
                .containsPattern("CPU of the page +query threads \\d")
                .containsPattern("one conversation +p50 \\d")
                .containsPattern("one conversation, saturated +p50 \\d");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldRefuseNumbersThatMeasureNothing() {
        // When
        int code = run("growth", "--conversations", "0");
        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--conversations");
    }

    private int run(String... arguments) {
        return CommandRunner.run(
                BenchmarkCommand::commandLine,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                arguments);
    }

    /** Checks the exit code. On a machine that runs a whole build, there may be no verdict. */
    private AbstractStringAssert<?> assertMeasured(int code) {
        String text = out.toString(StandardCharsets.UTF_8);
        String errors = err.toString(StandardCharsets.UTF_8);
        assertThat(code)
                .as(errors)
                .isEqualTo(text.contains("No verdict") ? CommandRunner.EXIT_FAILURE : CommandRunner.EXIT_OK);
        return assertThat(text).as(errors);
    }
}
