package io.handover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Follows {@code docs/install.md} word for word, but with free ports, and in a folder with nothing but the archive. */
class InstallIT {

    private static final Path PAGE = Path.of("..", "..", "docs", "install.md");
    private static final Path ARCHIVE = Path.of(System.getProperty("distribution") + ".tar.gz");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
    private static final List<String> PORTS = List.of("9092", "9093", "8080", "8081", "8082");
    private static final long PATIENCE_MINUTES = 6;

    @TempDir
    private Path folder;

    @Test
    void shouldLeadFromTheArchiveToTheCommands() throws Exception {
        // Given
        Files.createSymbolicLink(folder.resolve(ARCHIVE.getFileName()), ARCHIVE.toAbsolutePath());
        String blocks = BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult block) -> block.group(1))
                .collect(Collectors.joining());
        Path script = Files.writeString(
                folder.resolve("install.sh"),
                "set -e\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + withPorts(blocks));

        // When
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HANDOVER") || name.startsWith("KAFKA"));
        builder.environment().merge("PATH", System.getProperty("java.home") + "/bin:", (path, java) -> java + path);
        Process process = builder.start();
        boolean isDone = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        if (!isDone) {
            // The trap stops what the script has started.
            process.destroy();
            process.waitFor();
        }

        // Then
        String printed = Files.readString(out);
        assertThat(isDone).as(printed).isTrue();
        assertThat(process.exitValue()).as(printed).isZero();
        assertThat(printed)
                .contains("\"outcome\":\"stored\"", "handover-ended (customer-end)")
                .containsPattern("(?m)^\\{\"type\":\"agent-updated\",.*\"conversationId\":\"my-conversation\"")
                .containsPattern("(?m)^\\{\"type\":\"handover-ended\",.*\"reason\":\"customer-end\"");
    }

    /** The blocks with free ports. Where a port is a default, its setting is added. */
    private static String withPorts(String blocks) throws IOException {
        Map<String, Integer> free = new LinkedHashMap<>();
        for (String port : PORTS) {
            try (ServerSocket socket = new ServerSocket(0)) {
                free.put(port, socket.getLocalPort());
            }
        }
        String changed = blocks;
        for (Map.Entry<String, Integer> port : free.entrySet()) {
            changed = changed.replace(":" + port.getKey(), ":" + port.getValue());
        }
        return changed.replace(
                        "bin/handover streams-app",
                        "HANDOVER_MANAGEMENT_PORT=" + free.get("8082") + " bin/handover streams-app")
                .replace(
                        "bin/handover bridge",
                        "HANDOVER_MANAGEMENT_PORT=" + free.get("8081") + " HANDOVER_HTTP_PORT=" + free.get("8080")
                                + " bin/handover bridge");
    }
}
