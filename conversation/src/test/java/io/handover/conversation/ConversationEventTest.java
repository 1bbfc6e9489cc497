package io.handover.conversation;

import static io.handover.conversation.Story.millis;
import static io.handover.conversation.Story.userEnd;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The disconnect type and the durations of an event. */
class ConversationEventTest {

    @Test
    void shouldEndWithoutADisconnectType() {
        // When / Then
        assertThat(DisconnectType.isTransfer(null)).isFalse();
        assertThat(userEnd("a", 60, null).reason()).isEqualTo(AgentSession.Reason.LEFT);
    }

    @Test
    void shouldDetectADeclineByTheDurationsWithoutADisconnectType() {
        // When / Then
        assertThat(userEnd("a", 60, null, 0, 20).reason()).isEqualTo(AgentSession.Reason.DECLINED);
        assertThat(userEnd("a", 60, null, 1, 20).reason()).isEqualTo(AgentSession.Reason.LEFT);
    }

    @ParameterizedTest
    @CsvSource({"20, 0, 0, 40", "0, 20, 0, 40", "0, 0, 20, 40", "30, 10, 5, 15"})
    void shouldHaveBegunBeforeAllOfItsDurations(double interacting, double alerting, double other, double began) {
        // When
        AgentEnded ended = ended(interacting, alerting, other);
        // Then
        assertThat(ended.hasDurations()).isTrue();
        assertThat(ended.began()).isEqualTo(millis(began));
    }

    @Test
    void shouldNotKnowWhenItBeganWithoutDurations() {
        // When / Then
        assertThat(ended(0, 0, 0).hasDurations()).isFalse();
    }

    private static AgentEnded ended(double interacting, double alerting, double other) {
        return new AgentEnded(
                userEnd("a", 60, "CLIENT").details(),
                "a",
                "a",
                Math.round(interacting * 1000),
                Math.round(alerting * 1000),
                Math.round(other * 1000));
    }
}
