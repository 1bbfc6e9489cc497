package io.handover.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventTimesTest {

    private static final long ONE_DAY_MS = Duration.ofDays(1).toMillis();

    @Test
    void shouldMoveTheThreeTimesOfAnEnvelopeAndNothingElse() {
        // Given
        String envelope = """
                {"id":"1","time":"2025-12-12T15:04:26Z","detail":{"timestamp":"2025-12-12T15:04:25.431Z",\
                "eventBody":{"eventTime":1765551865200,"interactingDurationMs":4200,"score":1.10,"time":"noon"}}}""";

        // When
        String moved = move(envelope, ONE_DAY_MS);

        // Then
        assertThat(moved).isEqualTo("""
                {"id":"1","time":"2025-12-13T15:04:26Z","detail":{"timestamp":"2025-12-13T15:04:25.431Z",\
                "eventBody":{"eventTime":1765638265200,"interactingDurationMs":4200,"score":1.10,"time":"noon"}}}""");
    }

    @Test
    void shouldMoveTheTimeOfADataAction() {
        // Given, When
        String moved = move("{\"topic\":\"v2.detail.events.conversation.id.acw\",\"eventTime\":1000}", 5_000);

        // Then
        assertThat(moved).isEqualTo("{\"topic\":\"v2.detail.events.conversation.id.acw\",\"eventTime\":6000}");
    }

    @Test
    void shouldMoveAnEventTimeThatIsText() {
        // Given, When
        String moved = move("{\"detail\":{\"eventBody\":{\"eventTime\":\"2021-05-31T09:49:25.000Z\"}}}", 1_000);

        // Then
        assertThat(moved).isEqualTo("{\"detail\":{\"eventBody\":{\"eventTime\":\"2021-05-31T09:49:26.000Z\"}}}");
    }

    @Test
    void shouldLeaveWhatIsNoTime() {
        // Given
        String strange = "{\"time\":\"later\",\"detail\":{\"timestamp\":7,\"eventBody\":{\"eventTime\":null}}}";

        // When, Then
        assertThat(move(strange, ONE_DAY_MS)).isEqualTo(strange);
    }

    @Test
    void shouldShiftByWholeSecondsAndNeverBack() {
        // Given
        Instant now = Instant.ofEpochMilli(10_750);

        // When, Then
        assertThat(EventTimes.shiftMs(3_200, now)).isEqualTo(7_000);
        assertThat(EventTimes.shiftMs(10_750, now)).isZero();
        assertThat(EventTimes.shiftMs(99_999, now)).isZero();
    }

    private static String move(String json, long shiftMs) {
        return new String(EventTimes.move(json.getBytes(StandardCharsets.UTF_8), shiftMs), StandardCharsets.UTF_8);
    }
}
