package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.handover.service.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Secrets that are exchanged under a running bridge. */
class WatchedFilesTest {

    @TempDir
    private Path folder;

    private Path keys;

    @BeforeEach
    void nameFile() {
        keys = folder.resolve("keys");
    }

    @Test
    void shouldTakeTheNewKeyBesideTheOldOneAndThenAlone() throws Exception {
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

    /** Kubernetes mounts a Secret so: the file is a link into a folder that is itself a link, and only that changes. */
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
    void shouldKeepWhatItHasWhileTheFileIsNoGood() throws Exception {
        // Given
        Files.writeString(keys, "old-key");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(WatchedFiles.class);
        logger.addAppender(log);
        try (BridgeFixture fixture = start()) {

            // When
            Files.writeString(keys, "\n");
            await().until(() -> log.list.toString().contains("but holds 0"));
            int whileEmpty = statusWith(fixture, "old-key");
            Files.delete(keys);
            await().until(() -> log.list.toString().contains("does not exist"));
            int whileGone = statusWith(fixture, "old-key");
            Files.writeString(keys, "new-key");

            // Then
            assertThat(whileEmpty).isEqualTo(200);
            assertThat(whileGone).isEqualTo(200);
            await().until(() -> statusWith(fixture, "new-key") == 200);
        } finally {
            logger.detachAppender(log);
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
    void shouldNotFillTheMemoryWithAFileThatIsNone() {
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
