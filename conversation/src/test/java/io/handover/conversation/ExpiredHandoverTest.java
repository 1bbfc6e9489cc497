package io.handover.conversation;

import static io.handover.conversation.Story.CONVERSATION;
import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.customerStart;
import static io.handover.conversation.Story.flowStart;
import static io.handover.conversation.Story.millis;
import static io.handover.conversation.Story.other;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.HandoverEnded;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 41: a handover that is open when the retention is over, and how its end is announced. */
class ExpiredHandoverTest {

    private final Story story = new Story();

    static Stream<ConversationEvent> starts() {
        return Stream.of(customerStart(0), userStart("a", 0), acdStart("q", 0), flowStart(0));
    }

    @ParameterizedTest
    @MethodSource("starts")
    void shouldBeOpenFromTheFirstStart(ConversationEvent start) {
        // When
        story.receive(start);
        // Then
        assertThat(story.state().hasOpenHandover()).isTrue();
    }

    @Test
    void shouldNotBeOpenBeforeTheFirstStart() {
        // When
        story.receive(other(0));
        // Then
        assertThat(story.state().isOpen()).isTrue();
        assertThat(story.state().hasOpenHandover()).isFalse();
    }

    @Test
    void shouldNotBeOpenAfterTheEnd() {
        // Given
        story.receive(customerStart(0)).receive(userStart("a", 10));
        // When
        story.receive(customerEnd(60));
        // Then
        assertThat(story.state().hasOpenHandover()).isFalse();
    }

    @Test
    void shouldBeOpenAgainIfAFlowOpenedItThatVersion1OfTheStateDidNotKeep() {
        // Given
        Cycle second = Cycle.FIRST.ended(new Cycle.End(millis(60), true)).next(millis(100));
        // When
        ConversationState withoutFlows = ConversationState.NEW.with(second);
        // Then
        assertThat(withoutFlows.hasOpenHandover()).isTrue();
    }

    @Test
    void shouldEndWhenTheRetentionIsOver() {
        // Given
        story.receive(userStart("a", 0)).receive(other(60));
        // When
        Transition expired = new ConversationStateMachine(TransferPolicy.DEFAULT, KnownAgent.View.NONE)
                .expire(CONVERSATION, story.state());
        // Then
        assertThat(expired.outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(expired.state().isOpen()).isFalse();
        assertThat(expired.commands()).singleElement().isInstanceOfSatisfying(HandoverEnded.class, ended -> {
            assertThat(ended.reason()).isEqualTo("expired");
            assertThat(ended.occurredAt().toEpochMilli()).isEqualTo(millis(60));
            assertThat(ended.decidedAt().toEpochMilli()).isEqualTo(millis(60) + TransferPolicy.DEFAULT.retentionMs());
            assertThat(ended.evidence()).isEmpty();
        });
    }
}
