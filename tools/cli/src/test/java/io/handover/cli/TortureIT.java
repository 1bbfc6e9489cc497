package io.handover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.terminal.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the shortest torture in a process of its own. */
class TortureIT {

    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @TempDir
    Path folder;

    @Test
    void shouldPassTheShortestRun() throws Exception {
        // Given
        Process run = start("--minutes", "0.8", "--seed", "1", "--conversations-per-second", "4");
        try {
            // When
            boolean ended = run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);

            // Then
            assertThat(ended).as(read("err")).isTrue();
            assertThat(run.exitValue()).as(read("out") + read("err")).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(read("out")).containsPattern("\nPASS \\(.*\\)\n$");
            assertThat(read("out").lines().filter(line -> line.startsWith("  commands lost")))
                    .singleElement()
                    .asString()
                    .endsWith(" 0");
            assertThat(read("out")).contains("kill a streams app", "kill a broker", "kill the bridge");
            assertThat(read("out"))
                    .containsPattern("announcements with a name at once +[1-9]")
                    .containsPattern("names told later +[1-9]");
            assertThat(folder.resolve("kept")).isDirectoryContaining("glob:**app-1.log");
        } finally {
            // its child processes notice this and exit
            run.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                HandoverMain.class.getName(),
                "torture",
                "--keep",
                folder.resolve("kept").toString());
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.command().addAll(List.of(arguments));
        return builder.start();
    }

    private String read(String stream) throws IOException {
        return Files.readString(folder.resolve(stream));
    }
}
