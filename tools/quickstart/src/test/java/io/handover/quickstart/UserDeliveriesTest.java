package io.handover.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserDeliveriesTest {

    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(4);

    @TempDir
    Path folder;

    @Test
    void shouldPassOnRecentDeliveriesByteForByte() throws IOException {
        // Given
        byte[] odd = "{ \"detail\" : {\"eventBody\":{\"eventTime\":1767916800000}}, \"x\":\"\u00e9\u2028\"}"
                .getBytes(StandardCharsets.UTF_8);
        byte[] noUtf8 = {'{', (byte) 0xff, '}'};
        Path file = Files.write(folder.resolve("recent"), join(odd, noUtf8));

        // When
        UserDeliveries deliveries = UserDeliveries.open(file, NOW, RETENTION);

        // Then
        assertThat(deliveries.count()).isEqualTo(2);
        assertThat(deliveries.shift()).isZero();
        assertThat(all(deliveries)).extracting(OutgoingDelivery::body).containsExactly(odd, noUtf8);
    }

    @Test
    void shouldMoveAllTimesByOneConstantIfOneEventIsTooOld() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("old"), """
                {"detail":{"eventBody":{"eventTime":1767484799000}}}
                {"detail":{"eventBody":{"eventTime":1767484800500}}}
                """);

        // When
        UserDeliveries deliveries = UserDeliveries.open(file, NOW, Duration.ofDays(6));

        // Then
        assertThat(deliveries.shift()).isEqualTo(Duration.ofSeconds(518_399));
        assertThat(deliveries.partlyTooOld()).isFalse();
        assertThat(all(deliveries))
                .extracting(OutgoingDelivery::eventTimeMs)
                .containsExactly(1768003198000L, 1768003199500L);
    }

    @Test
    void shouldSayThatSomeStayTooOld() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("long"), """
                {"detail":{"eventBody":{"eventTime":1000}}}
                {"detail":{"eventBody":{"eventTime":1767484800000}}}
                """);

        // When, Then
        assertThat(UserDeliveries.open(file, NOW, RETENTION).partlyTooOld()).isTrue();
    }

    @Test
    void shouldKeepBrokenLinesAndTheirNumbers() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("broken"), """
                {"detail":{"eventBody":{"eventTime":1000}}}

                {"detail":
                {"detail":{"eventBody":{"eventTime":2000}}}
                """);

        // When
        List<OutgoingDelivery> deliveries = all(UserDeliveries.open(file, NOW, RETENTION));

        // Then
        assertThat(deliveries).extracting(OutgoingDelivery::line).containsExactly(1L, 3L, 4L);
        assertThat(deliveries.get(1).title()).isEqualTo("unreadable");
        assertThat(deliveries.get(1).body()).asString().isEqualTo("{\"detail\":");
    }

    @Test
    void shouldReadCompressedArraysOfObjectsOverSeveralLines() throws IOException {
        // Given
        Path file = folder.resolve("array.json.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("""
                    [
                      {
                        "detail": {}
                      }, {"topic":"v2"}
                    ]
                    """.getBytes(StandardCharsets.UTF_8));
        }

        // When
        List<OutgoingDelivery> deliveries = all(UserDeliveries.open(file, NOW, RETENTION));

        // Then
        assertThat(deliveries)
                .extracting(delivery -> new String(delivery.body(), StandardCharsets.UTF_8))
                .containsExactly("{\n    \"detail\": {}\n  }", "{\"topic\":\"v2\"}");
    }

    @Test
    void shouldSayWhyTheRestOfAFileIsBroken() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("cut"), "[{\"detail\":{}}");

        // When
        List<OutgoingDelivery> deliveries = all(UserDeliveries.open(file, NOW, RETENTION));

        // Then
        assertThat(deliveries)
                .extracting(OutgoingDelivery::title)
                .last()
                .isEqualTo("Expected the array to be closed by ], but the file ends");
    }

    @Test
    void shouldSayThatTheFileDoesNotExist() {
        // Given
        Path missing = folder.resolve("missing");

        // When, Then
        assertThatThrownBy(() -> UserDeliveries.open(missing, NOW, RETENTION))
                .isInstanceOf(CommandException.class)
                .hasMessage("The deliveries file " + missing + " does not exist.");
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = new byte[first.length + 1 + second.length];
        System.arraycopy(first, 0, joined, 0, first.length);
        joined[first.length] = '\n';
        System.arraycopy(second, 0, joined, first.length + 1, second.length);
        return joined;
    }

    private static List<OutgoingDelivery> all(UserDeliveries file) {
        List<OutgoingDelivery> all = new ArrayList<>();
        file.forEach(all::add);
        return all;
    }
}
