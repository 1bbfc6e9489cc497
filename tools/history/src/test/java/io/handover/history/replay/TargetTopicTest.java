package io.handover.history.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTopicTest {

    private static final long NOW = Instant.parse("2026-03-09T09:15:00Z").toEpochMilli();
    private static final long WEEK = 604_800_000;

    @ParameterizedTest
    @CsvSource({
        "message.timestamp.type, LogAppendTime, replaces the time of every record",
        "cleanup.policy, compact, is compacted",
        "cleanup.policy, 'compact,delete', is compacted",
    })
    void shouldRefuseATopicThatChangesItsRecords(String key, String value, String sentence) {
        // Given
        TargetTopic topic = new TargetTopic("target", Map.of(key, value));
        // When / Then
        assertThatThrownBy(() -> topic.requireRecordsUnchanged(false))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith("The topic target ")
                .hasMessageContaining(sentence);
    }

    @Test
    void shouldAcceptThatTheLiveTopicReplacesTheTimes() {
        // Given
        TargetTopic topic = new TargetTopic("target", Map.of("message.timestamp.type", "LogAppendTime"));
        // When / Then
        assertThatCode(() -> topic.requireRecordsUnchanged(true)).doesNotThrowAnyException();
        assertThat(topic.replacesTimes()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "retention.ms, deletes records older than 7 d (retention.ms)",
        "message.timestamp.before.max.ms, rejects records older than 7 d (message.timestamp.before.max.ms)"
    })
    void shouldRefuseDeliveriesOlderThanTheTopicAcceptsOrKeeps(String key, String sentence) {
        // Given
        TargetTopic topic = new TargetTopic("target", Map.of(key, String.valueOf(WEEK)));
        // When / Then
        assertThatCode(() -> topic.requireAccepted(NOW - WEEK, NOW, false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> topic.requireAccepted(NOW - WEEK - 1, NOW, false))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith("The first delivery is of 2026-03-02T09:14:59.999Z, and the topic target ")
                .hasMessageContaining(sentence);
    }

    @Test
    void shouldPublishDespiteRetention() {
        // Given
        TargetTopic topic = new TargetTopic("target", Map.of("retention.ms", "1000"));
        // When / Then
        assertThatCode(() -> topic.requireAccepted(0, NOW, true)).doesNotThrowAnyException();
    }

    @Test
    void shouldAcceptEverythingWithoutLimits() {
        // Given
        TargetTopic topic = new TargetTopic(
                "target",
                Map.of(
                        "retention.ms", "-1",
                        "message.timestamp.before.max.ms", String.valueOf(Long.MAX_VALUE),
                        "message.timestamp.type", "CreateTime",
                        "cleanup.policy", "delete"));
        // When / Then
        assertThatCode(() -> {
                    topic.requireRecordsUnchanged(false);
                    topic.requireAccepted(0, NOW, false);
                })
                .doesNotThrowAnyException();
    }
}
