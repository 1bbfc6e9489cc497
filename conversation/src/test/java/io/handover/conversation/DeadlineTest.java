package io.handover.conversation;

import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.millis;
import static io.handover.conversation.Story.other;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.HandoverEnded;
import org.junit.jupiter.api.Test;

/** Row 25 in detail: a deadline that fires is checked with the state again. */
class DeadlineTest {

    private final Story story = new Story();

    @Test
    void shouldNotEndBeforeItsTime() {
        // Given
        story.receive(acw("a", 60));
        ConversationState before = story.state();
        // When
        story.fire();
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.DEADLINE_STALE);
        assertThat(story.state()).isSameAs(before);
        assertThat(story.commands()).isEmpty();
    }

    @Test
    void shouldBeDatedByTheDecidingEvent() {
        // When
        story.receive(acw("a", 60)).receive(other(65)).passUntil(100);
        // Then
        HandoverEnded ended = (HandoverEnded) story.rawCommands().get(0);
        assertThat(ended.occurredAt().toEpochMilli()).isEqualTo(millis(60));
        assertThat(ended.decidedAt().toEpochMilli()).isEqualTo(millis(70));
        assertThat(story.outcome()).isEqualTo(Outcome.DEADLINE_ENDED);
    }

    @Test
    void shouldBeDatedByTheNewestEventForAnIdleHandover() {
        // Given
        story.under(Policies.IDLE).receive(userStart("a", 0)).receive(other(300));
        // When
        story.passUntil(1_000);
        // Then
        HandoverEnded ended = (HandoverEnded) story.rawCommands().get(1);
        assertThat(ended.reason()).isEqualTo("idle");
        assertThat(ended.occurredAt().toEpochMilli()).isEqualTo(millis(300));
        assertThat(ended.decidedAt().toEpochMilli()).isEqualTo(millis(900));
        assertThat(ended.evidence()).isEmpty();
    }

    @Test
    void shouldNotEndAnIdleHandoverOnceThatIsDisabled() {
        // Given
        story.under(Policies.IDLE).receive(userStart("a", 0));
        // When
        story.under(TransferPolicy.DEFAULT).passUntil(1_000);
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.IDLE_DISABLED);
        assertThat(story.state().pending()).isNull();
        assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
    }
}
