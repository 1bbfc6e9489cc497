package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class IdlePollsTest {

    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofMillis(250);

    private static IdlePolls polls(String pollMs) {
        return polls(pollMs, "10");
    }

    private static IdlePolls polls(String pollMs, String commitIntervalMs) {
        return IdlePolls.of(new StreamsConfig(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "handover",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:1",
                StreamsConfig.POLL_MS_CONFIG,
                pollMs,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                commitIntervalMs)));
    }

    private static void empty(IdlePolls polls, int times) {
        IntStream.range(0, times).forEach(each -> polls.polled(true));
    }

    @Test
    void shouldPollForLongerOnlyWhenThePauseOfTheCommitsIsOver() {
        // Given
        IdlePolls polls = polls("10");
        polls.polled(false);
        empty(polls, 2);
        Duration before = polls.timeout(SHORT);
        // When
        empty(polls, 1);
        // Then
        assertThat(before).isEqualTo(SHORT);
        assertThat(polls.timeout(SHORT)).isEqualTo(LONG);
    }

    @Test
    void shouldPollForLongerOnlyWhenTheCommitIntervalIsOver() {
        // Given
        IdlePolls polls = polls("10", "100");
        empty(polls, 10);
        Duration before = polls.timeout(SHORT);
        // When
        empty(polls, 1);
        // Then
        assertThat(before).isEqualTo(SHORT);
        assertThat(polls.timeout(SHORT)).isEqualTo(LONG);
    }

    @Test
    void shouldPollShortlyAgainAfterARecord() {
        // Given
        IdlePolls polls = polls("10");
        empty(polls, 10);
        // When
        polls.polled(false);
        // Then
        assertThat(polls.timeout(SHORT)).isEqualTo(SHORT);
    }

    @Test
    void shouldNotDelayAThreadThatMustNotWait() {
        // Given
        IdlePolls polls = polls("10");
        // When
        empty(polls, 10);
        // Then
        assertThat(polls.timeout(Duration.ZERO)).isZero();
    }

    @Test
    void shouldLeaveALongerPollAsItIs() {
        // Given
        IdlePolls polls = polls("500");
        // When
        empty(polls, 10);
        // Then
        assertThat(polls.timeout(Duration.ofMillis(500))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void shouldBearAPollOfNoTime() {
        // Given
        IdlePolls polls = polls("0");
        // When
        empty(polls, 30);
        // Then
        assertThat(polls.timeout(Duration.ZERO)).isZero();
    }
}
