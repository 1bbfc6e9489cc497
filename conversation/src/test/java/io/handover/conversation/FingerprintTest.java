package io.handover.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An event has the same fingerprint under every id of EventBridge; other events have others. */
class FingerprintTest {

    private static final @Nullable Fingerprint EVENT =
            Fingerprint.of("user.end", "participant-1", "session-1", 1_000L, "event-1");

    @Test
    void shouldBeTheSameForARepublication() {
        // When
        Fingerprint republished = Fingerprint.of("user.end", "participant-1", "session-1", 1_000L, "event-2");
        // Then
        assertThat(republished).isEqualTo(EVENT);
    }

    @Test
    void shouldDifferByKindParticipantSessionAndTime() {
        // When / Then
        assertThat(Fingerprint.of("user.start", "participant-1", "session-1", 1_000L, "event-1"))
                .isNotEqualTo(EVENT);
        assertThat(Fingerprint.of("user.end", "participant-2", "session-1", 1_000L, "event-1"))
                .isNotEqualTo(EVENT);
        assertThat(Fingerprint.of("user.end", "participant-1", "session-2", 1_000L, "event-1"))
                .isNotEqualTo(EVENT);
        assertThat(Fingerprint.of("user.end", "participant-1", "session-1", 1_001L, "event-1"))
                .isNotEqualTo(EVENT);
    }

    @Test
    void shouldNeedAParticipantOrASession() {
        // When / Then
        assertThat(Fingerprint.of("user.end", "participant-1", null, 1_000L, "event-1"))
                .isNotNull()
                .isEqualTo(Fingerprint.of("user.end", "participant-1", null, 1_000L, "event-2"));
        assertThat(Fingerprint.of("user.end", null, "session-1", 1_000L, "event-1"))
                .isNotNull()
                .isEqualTo(Fingerprint.of("user.end", null, "session-1", 1_000L, "event-2"));
    }

    @Test
    void shouldUseTheEventIdWithoutParticipantAndSession() {
        // When / Then
        assertThat(Fingerprint.of("user.end", null, null, 1_000L, "event-1"))
                .isNotNull()
                .isEqualTo(Fingerprint.of("user.end", null, null, 1_000L, "event-1"))
                .isNotEqualTo(Fingerprint.of("user.end", null, null, 1_000L, "event-2"));
    }

    @Test
    void shouldUseTheEventIdWithoutAnEventTime() {
        // When / Then
        assertThat(Fingerprint.of("user.end", "participant-1", "session-1", null, "event-1"))
                .isNotNull()
                .isEqualTo(Fingerprint.of("user.end", "participant-1", "session-1", null, "event-1"))
                .isNotEqualTo(Fingerprint.of("user.end", "participant-1", "session-1", null, "event-2"));
    }

    @Test
    void shouldUseTheEventTimeAloneWithoutAnyId() {
        // When / Then
        assertThat(Fingerprint.of("user.end", null, null, 1_000L, null))
                .isNotNull()
                .isEqualTo(Fingerprint.of("user.end", null, null, 1_000L, null))
                .isNotEqualTo(Fingerprint.of("user.end", null, null, 1_001L, null));
    }

    @Test
    void shouldBeNullForAnEventWithoutTimeAndEventId() {
        // When / Then
        assertThat(Fingerprint.of("user.end", "participant-1", "session-1", null, null))
                .isNull();
    }
}
