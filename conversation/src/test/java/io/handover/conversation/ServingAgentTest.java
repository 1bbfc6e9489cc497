package io.handover.conversation;

import static io.handover.conversation.Story.acdEnd;
import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.QueueSession.Exit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The serving agent is, of the agents who are there, the one who came last. */
class ServingAgentTest {

    @Nested
    @DisplayName("When alerted")
    class OnStart {

        private final Story story = new Story();

        @Test
        void shouldCompareTheTimeBeforeTheIdOfTheAgent() {
            // Given
            story.receive(userStart("a", 20));
            // When
            story.receiveAt(21, userStart("b", 5));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @20");
        }

        @Test
        void shouldCompareTheIdOfTheAgentAndNotOfTheSessionIfTwoStartedTogether() {
            // Given
            story.receive(userStart("session-1", "b", 10, true));
            // When
            story.receive(userStart("session-2", "a", 10, true));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated b #1 @10");
        }

        @Test
        void shouldAnnounceNoAgentIfTheEventNamesNone() {
            // When
            story.receive(userStart("session-1", null, 0, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_STARTED);
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
            assertThat(story.commands()).isEmpty();
        }
    }

    @Nested
    @DisplayName("When answered")
    class OnAnswer {

        private final Story story = new Story(Policies.ON_ANSWER);

        @Test
        void shouldAnnounceWhoIsReachedWithoutAQueueWhenAlerted() {
            // When
            story.receive(userStart("session-1", "a", 10, false));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @10");
        }

        @Test
        void shouldNotAnnounceWhoIsOnlyAlertedByAQueue() {
            // When
            story.receive(acdStart("q", 0)).receive(userStart("a", 10));
            // Then
            assertThat(story.commands()).isEmpty();
        }

        @Test
        void shouldNotAnnounceAnOlderAnswer() {
            // Given
            story.receive(acdEnd("q1", 30, Exit.ANSWERED, "a"));
            // When
            story.receiveAt(31, acdEnd("q2", 20, Exit.ANSWERED, "b"));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @30");
        }

        @ParameterizedTest
        @ValueSource(doubles = {30, 30.5})
        void shouldNotAnnounceWhoIsGoneSinceTheAnswer(double gone) {
            // Given
            story.receive(userStart("a", 20)).receive(userEnd("a", gone, "TRANSFER"));
            // When
            story.receiveAt(31, acdEnd("q", 30, Exit.ANSWERED, "a"));
            // Then
            assertThat(story.commands()).isEmpty();
        }

        @Test
        void shouldAnnounceWhoWasThereBeforeAndAnswersAgain() {
            // Given
            story.receive(userStart("a", 0)).receive(userEnd("a", 10, "TRANSFER"));
            // When
            story.receive(acdEnd("q", 30, Exit.ANSWERED, "a"));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @30");
        }

        @Test
        void shouldAnnounceWhoAnswersWhileAnotherGoes() {
            // Given
            story.receive(userStart("b", 0)).receive(userEnd("b", 31, "TRANSFER"));
            // When
            story.receiveAt(31.5, acdEnd("q", 30, Exit.ANSWERED, "a"));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @31.5");
        }

        @Test
        void shouldNotAnnounceWhoAnsweredBeforeTheLastDeparture() {
            // Given
            story.receive(userEnd("b", 31, "CLIENT"));
            // When
            story.receiveAt(31.5, acdEnd("q", 30, Exit.ANSWERED, "a"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.QUEUE_ANSWERED);
            assertThat(story.commands()).isEmpty();
        }

        @Test
        void shouldAnnounceWhoIsStillThereInAnotherSession() {
            // Given
            story.receive(userStart("session-1", "a", 20, true)).receive(userStart("session-2", "a", 25, true));
            story.receive(userEnd("session-1", "a", 31, "PEER"));
            // When
            story.receiveAt(31.5, acdEnd("q", 30, Exit.ANSWERED, "a"));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @31.5");
        }

        @Test
        void shouldNotAnnounceInTheNextHandoverWhoAnsweredInTheLast() {
            // Given
            story.receive(acdStart("q1", 0)).receive(acdEnd("q1", 30, Exit.ANSWERED, "a"));
            story.receive(customerEnd(60));
            // When
            story.receive(acdStart("q2", 100)).receive(userStart("b", 110));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @30", "customer-end #1 @60");
        }

        @Test
        void shouldNotAnnounceAnAgentWhoseEndIsMissingInTheLastHandover() {
            // Given
            story.receive(userStart("session-1", "a", 0, true)).receive(customerEnd(60));
            story.receive(userStart("session-2", "a", 100, true)).receive(userEnd("session-2", "a", 120, "TRANSFER"));
            // When
            story.receiveAt(121, acdEnd("q", 110, Exit.ANSWERED, "a"));
            // Then
            assertThat(story.commands()).containsExactly("customer-end #1 @60");
        }
    }
}
