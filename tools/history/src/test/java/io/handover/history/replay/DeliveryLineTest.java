package io.handover.history.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.history.sources.PastDelivery;
import io.handover.schema.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryLineTest {

    private static final Instant RECORD_TIME = Instant.parse("2026-03-02T09:15:00Z");

    @Test
    void shouldLeaveAnEnvelopeAsItIs() {
        // Given
        String json = " {\"time\" : \"2026-03-02T09:15:07Z\",\t\"unknown\":[1.0, \"\\n\\u00e4ä\"],\"detail\":{}} ";
        // When / Then
        assertThat(line(json)).isEqualTo(json + "\n");
    }

    @Test
    void shouldRemoveLineEndsAndNothingElse() {
        // Given
        String json = "{\r\n  \"time\": \"2026-03-02T09:15:07Z\",\n  \"detail\": {\r  }\n}\n";
        // When / Then
        assertThat(line(json)).isEqualTo("{  \"time\": \"2026-03-02T09:15:07Z\",  \"detail\": {  }}\n");
    }

    @Test
    void shouldInsertTheTimeOfTheRecordIfThereIsNone() {
        // Given
        String json = "\n{\n\"topic\": \"v2.detail.events.conversation.id.acw\", \"userId\": \"a{b\"}";
        // When
        String line = line(json);
        // Then
        assertThat(line)
                .isEqualTo("{\"time\":\"2026-03-02T09:15:00.000Z\",\"topic\": \"v2.detail.events.conversation.id.acw\","
                        + " \"userId\": \"a{b\"}\n");
        assertThat(Delivery.read(utf8(String.valueOf(line))).timeMs()).isEqualTo(RECORD_TIME.toEpochMilli());
    }

    @Test
    void shouldNotInsertASecondTime() {
        // When / Then
        assertThat(line("{\"time\": \"soon\", \"detail\": {}}")).isNull();
    }

    private static @Nullable String line(String json) {
        byte[] line = DeliveryLine.of(new PastDelivery(
                "topic-0", 7, RECORD_TIME.toEpochMilli(), "key", Delivery.read(utf8(json)), null, null, utf8(json)));
        return line == null ? null : new String(line, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
