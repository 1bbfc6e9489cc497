package io.handover.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryFileTest {

    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(4);

    @TempDir
    Path folder;

    @Test
    void shouldHandOutRecentDeliveriesByteForByte() throws IOException {
        // Given
        byte[] odd = " {\"detail\" : {\"eventBody\":{\"eventTime\":1767916800000}}, \"x\":\"\u00e9\u2028\"}"
                .getBytes(StandardCharsets.UTF_8);
        byte[] noUtf8 = {'{', (byte) 0xff, '}'};
        Path file = Files.write(folder.resolve("recent"), join(odd, noUtf8));

        // When
        DeliveryFile deliveries = DeliveryFile.open(file, NOW, RETENTION);

        // Then
        assertThat(deliveries.deliveries()).isEqualTo(2);
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
        DeliveryFile deliveries = DeliveryFile.open(file, NOW, Duration.ofDays(6));

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
        assertThat(DeliveryFile.open(file, NOW, RETENTION).partlyTooOld()).isTrue();
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
        List<OutgoingDelivery> deliveries = all(DeliveryFile.open(file, NOW, RETENTION));

        // Then
        assertThat(deliveries).extracting(OutgoingDelivery::line).containsExactly(1, 3, 4);
        assertThat(deliveries.get(1).title()).isEqualTo("unreadable");
        assertThat(deliveries.get(1).body()).asString().isEqualTo("{\"detail\":");
    }

    @Test
    void shouldSayThatTheFileDoesNotExist() {
        // Given
        Path missing = folder.resolve("missing");

        // When, Then
        assertThatThrownBy(() -> DeliveryFile.open(missing, NOW, RETENTION))
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

    private static List<OutgoingDelivery> all(DeliveryFile file) {
        List<OutgoingDelivery> all = new ArrayList<>();
        file.forEach(all::add);
        return all;
    }
}
