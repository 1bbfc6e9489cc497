package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.service.SettingsException;
import io.handover.service.WatchedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests secrets that are replaced while the bridge runs. */
class WatchedFilesTest {

    @TempDir
    private Path folder;

    private Path keys;

    @BeforeEach
    void nameFile() {
        keys = folder.resolve("keys");
    }

    @Test
    void shouldAcceptTheNewKeyBesideTheOldOneAndThenAlone() throws Exception {
        // Given
        Files.writeString(keys, "old-key\n");
        try (BridgeFixture fixture = start()) {
            int before = statusWith(fixture, "old-key");

            // When
            Files.writeString(keys, "new-key\nold-key\n");

            // Then
            await().until(() -> statusWith(fixture, "new-key") == 200);
            assertThat(before).isEqualTo(200);
            assertThat(statusWith(fixture, "old-key")).isEqualTo(200);

            // When
            Files.writeString(keys, "new-key\n");

            // Then
            await().until(() -> statusWith(fixture, "old-key") == 401);
            assertThat(statusWith(fixture, "new-key")).isEqualTo(200);
        }
    }

    /**
     * In a Secret that Kubernetes mounts, the file is a link into a folder that is a link itself, and only that
     * changes.
     */
    @Test
    void shouldFollowTheLinksOfKubernetes() throws Exception {
        // Given
        Path first = Files.createDirectory(folder.resolve("..2026_01"));
        Path second = Files.createDirectory(folder.resolve("..2026_02"));
        Files.writeString(first.resolve("keys"), "old-key");
        Files.writeString(second.resolve("keys"), "new-key");
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
        Files.createSymbolicLink(keys, data.resolve("keys"));
        try (BridgeFixture fixture = start()) {
            int before = statusWith(fixture, "old-key");

            // When
            Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), second);
            Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);

            // Then
            await().until(() -> statusWith(fixture, "new-key") == 200);
            assertThat(before).isEqualTo(200);
            assertThat(statusWith(fixture, "old-key")).isEqualTo(401);
        }
    }

    @Test
    void shouldKeepTheKeysWhileTheFileCannotBeUsed() throws Exception {
        // Given
        Files.writeString(keys, "old-key");
        try (LogCapture log = new LogCapture(WatchedFiles.class);
                BridgeFixture fixture = start()) {

            // When
            Files.writeString(keys, "\n");
            await().until(() -> log.hasReason("but contains 0"));
            int whileEmpty = statusWith(fixture, "old-key");
            Files.delete(keys);
            await().until(() -> log.hasReason("does not exist"));
            int whileGone = statusWith(fixture, "old-key");
            Files.writeString(keys, "new-key");

            // Then
            assertThat(whileEmpty).isEqualTo(200);
            assertThat(whileGone).isEqualTo(200);
            await().until(() -> statusWith(fixture, "new-key") == 200);
        }
    }

    @Test
    void shouldNotStartWithoutTheFile() {
        // Given
        // When / Then
        assertThatThrownBy(this::start)
                .isInstanceOf(SettingsException.class)
                .hasMessage("Cannot use " + keys + ", because " + keys + " does not exist.");
    }

    @Test
    void shouldNotFillTheMemoryWithAnEndlessFile() {
        // Given
        keys = Path.of("/dev/zero");

        // When / Then
        assertThatThrownBy(this::start).isInstanceOf(SettingsException.class).hasMessageContaining("is larger than");
    }

    private BridgeFixture start() {
        return new BridgeFixture(true, Map.of("api.key", "", "api.key.file", keys.toString()));
    }

    private static int statusWith(BridgeFixture fixture, String key) throws Exception {
        return fixture.send(fixture.request(Deliveries.customerEnd())
                        .setHeader("Authorization", key)
                        .build())
                .statusCode();
    }
}
