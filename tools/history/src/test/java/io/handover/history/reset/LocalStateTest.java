package io.handover.history.reset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalStateTest {

    @TempDir
    private Path stateDir;

    private Path lock;

    @BeforeEach
    void keepState() throws IOException {
        Files.createDirectories(stateDir.resolve("handover/0_1/rocksdb/conversations"));
        Files.createDirectories(stateDir.resolve("handover-blue/0_1"));
        lock = Files.createFile(stateDir.resolve("handover/.lock"));
        Files.writeString(stateDir.resolve("handover/0_1/.checkpoint"), "0");
    }

    @Test
    void shouldDeleteTheStateOfOneApplication() {
        // Given
        LocalState state = LocalState.of(stateDir, "handover");
        // When
        state.delete();
        // Then
        assertThat(stateDir).isDirectoryNotContaining(file -> file.endsWith("handover"));
        assertThat(stateDir.resolve("handover-blue/0_1")).isDirectory();
    }

    @Test
    void shouldNotFollowLinks() throws IOException {
        // Given
        Files.createSymbolicLink(stateDir.resolve("handover/link"), stateDir.resolve("handover-blue"));
        // When
        LocalState.of(stateDir, "handover").delete();
        // Then
        assertThat(stateDir.resolve("handover-blue/0_1")).isDirectory();
    }

    @Test
    void shouldRefuseAStateInUse() throws IOException {
        // Given
        LocalState state = LocalState.of(stateDir, "handover");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            // When / Then
            assertThatThrownBy(state::delete)
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("is in use: stop the instance first");
        }
        assertThat(stateDir.resolve("handover/0_1/.checkpoint")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"handover-green", "..", ".", "handover/0_1", "../elsewhere"})
    void shouldRefuseAFolderWithoutState(String applicationId) {
        assertThatThrownBy(() -> LocalState.of(stateDir, applicationId))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("There is no state of the application " + applicationId);
    }
}
