package io.handover.conversation;

import static io.handover.conversation.Story.acdEnd;
import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.customerStart;
import static io.handover.conversation.Story.flowEnd;
import static io.handover.conversation.Story.flowStart;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.QueueSession.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queue sessions do not depend on the order of arrival. */
class QueueSessionTest {

    private final Story story = new Story();

    @Test
    void shouldNotWaitWhenLeftInTheMomentOfEntering() {
        // When
        story.receive(acdStart("q", 10)).receive(acdEnd("q", 10, Exit.TRANSFERRED, null));
        // Then
        assertThat(HandoverFacts.of(story.state()).waiting()).isNull();
    }

    @ParameterizedTest
    @ValueSource(doubles = {9, 10})
    void shouldNotWaitWhenItsEndArrivedFirst(double entered) {
        // Given
        story.receive(acdEnd("q", 10, Exit.TRANSFERRED, null));
        // When
        story.receiveAt(11, acdStart("q", entered));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.STARTED_AFTER_END);
        assertThat(HandoverFacts.of(story.state()).waiting()).isNull();
    }

    @Test
    void shouldBeNotedIfANewerStartOfTheSameQueueIsKnown() {
        // Given
        story.receive(acdStart("q", 10));
        // When
        story.receiveAt(11, acdStart("q", 5));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
        assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
    }

    @Test
    void shouldBeNotedIfANewerStartOfTheSameQueueIsKnownAndItsEnd() {
        // Given
        story.receive(acdStart("q", 10)).receive(acdEnd("q", 20, Exit.TRANSFERRED, null));
        // When
        story.receiveAt(21, acdStart("q", 5));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
    }

    @Test
    void shouldNotWaitForAnAgentWhoStartsInTheMomentOfEntering() {
        // When
        story.receive(userStart("a", 10)).receive(userEnd("a", 10, "CLIENT")).receive(acdStart("q", 10));
        // Then
        assertThat(HandoverFacts.of(story.state()).waiting()).isNull();
    }

    @Test
    void shouldGoOnWaitingWhenTheEndOfAnEarlierStayUnderTheSameIdArrives() {
        // Given
        story.receive(acdStart("q", 50));
        // When
        story.receiveAt(51, acdEnd("q", 30, Exit.ABANDONED, null));
        // Then
        assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
        assertThat(story.passUntil(3_600).commands()).isEmpty();
    }

    @Test
    void shouldWaitInTheSecondQueueWhenTheFirstIsLeft() {
        // When
        story.receive(acdStart("q1", 10)).receive(acdStart("q2", 20)).receive(acdEnd("q1", 21, Exit.ABANDONED, null));
        // Then
        assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
        assertThat(story.passUntil(3_600).commands()).isEmpty();
    }

    @Test
    void shouldEndByTheNewestExitInEveryOrderOfArrival() {
        // Given
        Story other = new Story();
        // When
        story.receive(acdEnd("q", 60, Exit.ABANDONED, null)).receiveAt(61, acdEnd("q", 59, Exit.TRANSFERRED, null));
        other.receive(acdEnd("q", 59, Exit.TRANSFERRED, null)).receiveAt(61, acdEnd("q", 60, Exit.ABANDONED, null));
        // Then
        assertThat(story.passUntil(100).commands()).containsExactly("queue-abandoned #1 @70");
        assertThat(other.passUntil(100).commands()).containsExactly("queue-abandoned #1 @71");
    }

    @Test
    void shouldEndByTheQueueThatWasLeftLastInEveryOrderOfArrival() {
        // Given
        Story other = new Story();
        // When
        story.receive(acdEnd("q1", 60, Exit.ABANDONED, null)).receiveAt(61, acdEnd("q2", 59, Exit.TRANSFERRED, null));
        other.receive(acdEnd("q2", 59, Exit.TRANSFERRED, null)).receiveAt(61, acdEnd("q1", 60, Exit.ABANDONED, null));
        // Then
        assertThat(story.passUntil(100).commands()).containsExactly("queue-abandoned #1 @70");
        assertThat(other.passUntil(100).commands()).containsExactly("queue-abandoned #1 @71");
    }

    @Test
    void shouldNotEndWhenItMovedOnFromTheQueueThatWasLeftLast() {
        // When
        story.receive(acdEnd("q1", 50, Exit.ABANDONED, null)).receive(acdEnd("q2", 55, Exit.TRANSFERRED, null));
        // Then
        assertThat(story.passUntil(3_600).commands()).isEmpty();
    }

    @Test
    void shouldEndByTheQueueThatTheCustomerLeftAfterTheAgent() {
        // Given
        story.receive(userStart("a", 0))
                .receive(userEnd("a", 60, "CLIENT", 60, 0))
                .receive(acdStart("q", 61));
        // When
        story.receive(acdEnd("q", 100, Exit.ABANDONED, null));
        // Then
        assertThat(story.passUntil(200).commands()).endsWith("queue-abandoned #1 @110");
    }

    @Test
    void shouldEndByTheAgentWhoLeftAfterTheQueueDid() {
        // Given
        story.receive(acdEnd("q", 59, Exit.ABANDONED, null));
        // When
        story.receive(userEnd("a", 60, "CLIENT", 50, 0));
        // Then
        assertThat(story.passUntil(1_000).commands()).containsExactly("agent-left #1 @180");
    }

    @Test
    void shouldEndByTheAgentWhoLeftInTheSameMoment() {
        // When
        story.receive(acdEnd("q", 60, Exit.ABANDONED, null))
                .receive(userEnd("a", 60, "CLIENT", 50, 0))
                .receive(acw("a", 61));
        // Then
        assertThat(story.passUntil(1_000).commands()).containsExactly("after-call-work #1 @63");
    }

    @Test
    void shouldNoteACustomerWhoLeavesAQueueOfBefore() {
        // Given
        story.receive(userStart("a", 0)).receive(userEnd("a", 60, "CLIENT", 60, 0));
        // When
        story.receiveAt(61, acdEnd("q", 59, Exit.ABANDONED, null));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.QUEUE_LEFT);
        assertThat(story.passUntil(1_000).commands()).endsWith("agent-left #1 @180");
    }

    @Test
    void shouldNoteTheEndOfAnEarlierWaitInTheSameQueueSession() {
        // Given
        story.receive(acdStart("q", 50));
        // When
        story.receiveAt(51, acdEnd("q", 40, Exit.ABANDONED, null));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
        assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
    }

    @Test
    void shouldBeOfTheHandoverInWhichItBegan() {
        // Given
        story.receive(customerEnd(60)).receive(customerStart(60.2)).receive(acdEnd("q", 60.3, Exit.ABANDONED, null));
        // When
        story.receiveAt(60.4, acdStart("q", 59.5));
        // Then
        assertThat(story.passUntil(1_000).commands()).containsExactly("customer-end #1 @60");
    }

    @Test
    void shouldStayInItsHandoverIfAnOlderStartArrivesLate() {
        // Given
        story.receive(acdStart("q", 10)).receive(customerEnd(60));
        story.receive(customerStart(100)).receive(customerEnd(160)).receive(customerStart(200));
        // When
        story.receiveAt(201, acdStart("q", 5));
        // Then
        assertThat(story.state().sessions().queues())
                .extracting(QueueSession::cycle)
                .containsExactly(1);
    }

    @Test
    void shouldMoveToTheHandoverInWhichItsIdIsUsedAgain() {
        // Given
        story.receive(acdStart("q", 0)).receive(customerEnd(60));
        // When
        story.receive(acdStart("q", 100));
        // Then
        assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
        assertThat(story.state().sessions().queues())
                .extracting(QueueSession::cycle)
                .containsExactly(2);
    }

    @Test
    void shouldCountAmongTheNewestEndsOfItsHandoverOnly() {
        // Given
        story.receive(acdStart("q", 0)).receive(customerEnd(60)).receive(customerStart(70));
        story.receiveAt(80, acdEnd("q", 75, Exit.TRANSFERRED, null)).receiveAt(80, flowStart("f", 50, true));
        story.receiveAt(81, flowEnd("f", 78, true, FlowSession.Exit.OTHER));
        // When / Then
        assertThat(HandoverFacts.of(story.state()).newestEnd()).isEqualTo(AgentSession.UNKNOWN);
        story.receive(acdStart("r", 82)).receive(acdEnd("r", 83, Exit.TRANSFERRED, null));
        assertThat(HandoverFacts.of(story.state()).newestEnd()).isEqualTo(Story.millis(83));
    }
}
