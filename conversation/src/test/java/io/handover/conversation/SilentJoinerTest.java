package io.handover.conversation;

import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.customerStart;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents who join while another serves, and whom no queue offered the conversation. They may only monitor. */
class SilentJoinerTest {

    private final Story story = new Story();

    private static AgentStarted joins(String agent, double time) {
        return userStart(agent, agent, time, false);
    }

    @BeforeEach
    void anAgentServes() {
        story.receive(userStart("a", 0));
    }

    @Nested
    @DisplayName("While the other serves")
    class WhileTheOtherServes {

        @Test
        void shouldNotBeAnnounced() {
            // When
            story.receive(joins("s", 10));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_JOINED);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldGiveWayToTheOtherWhoseStartArrivesLater() {
            // Given
            Story late = new Story();
            late.receiveAt(1, joins("s", 0.5));
            // When
            late.receiveAt(1, userStart("a", 0));
            // Then
            assertThat(late.commands()).containsExactly("agent-updated s #1 @1", "agent-updated a #1 @1");
        }

        @Test
        void shouldBeAnnouncedIfAQueueOfferedTheConversation() {
            // When
            story.receive(userStart("b", 10));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_STARTED);
            assertThat(story.commands()).endsWith("agent-updated b #1 @10");
        }

        @Test
        void shouldNotEndAWaitInAQueue() {
            // Given
            story.receive(acdStart("q", 9)).receive(joins("s", 10));
            // When
            story.receive(userEnd("a", 11, "TRANSFER")).receive(userEnd("s", 12, "CLIENT"));
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
        }
    }

    @Nested
    @DisplayName("When the other is gone")
    class WhenTheOtherIsGone {

        @Test
        void shouldBeAnnouncedAtTheTakeover() {
            // Given
            story.receive(joins("s", 10));
            // When
            story.receive(userEnd("a", 20, "TAKEOVER"));
            // Then
            assertThat(story.commands()).endsWith("agent-updated s #1 @20");
        }

        @Test
        void shouldBeAnnouncedWhenTheOtherHasLeftAndWrappedUp() {
            // Given
            story.receive(joins("s", 10)).receive(userEnd("a", 20, "CLIENT"));
            assertThat(story.commands()).hasSize(1);
            // When
            story.receive(acw("a", 30));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_NOTED);
            assertThat(story.commands()).endsWith("agent-updated s #1 @30");
        }

        @Test
        void shouldHoldUpTheEndWhileThere() {
            // Given
            story.receive(joins("s", 10));
            // When
            story.receive(userEnd("a", 20, "CLIENT")).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldNotBeWaitedForAfterLeaving() {
            // Given
            story.receive(joins("s", 10)).receive(userEnd("a", 20, "CLIENT"));
            // When
            story.receive(userEnd("s", 21, "PEER")).receive(acw("a", 30));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP);
            assertThat(story.passUntil(1_000).commands()).endsWith("after-call-work #1 @32");
        }

        @Test
        void shouldSayThatTheOthersDepartureDecides() {
            // Given
            story.receive(joins("s", 10)).receive(userEnd("a", 20, "CLIENT"));
            // When
            story.receive(userEnd("s", 21, "PEER"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT_EARLIER);
        }

        @Test
        void shouldNotBeWaitedForIfOnlyTheAcwArrives() {
            // Given
            story.receive(joins("s", 10)).receive(userEnd("a", 20, "CLIENT"));
            // When
            story.receive(acw("s", 21));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_EARLIER);
            assertThat(story.passUntil(1_000).commands()).endsWith("agent-left #1 @141");
        }

        @Test
        void shouldBeWaitedForAfterHavingTakenOver() {
            // Given
            story.receive(joins("s", 10)).receive(userEnd("a", 20, "TAKEOVER"));
            // When
            story.receive(userEnd("s", 50, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT);
        }

        @Test
        void shouldBeWaitedForIfTheTakeoverWasAtTheMillisecondOfLeaving() {
            // Given
            story.receive(joins("s", 10)).receive(userEnd("a", 20, "TAKEOVER"));
            // When
            story.receive(userEnd("s", 20, "CLIENT"));
            // Then
            assertThat(story.state().pending()).isNull();
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT_OTHERS);
        }

        @Test
        void shouldBeWaitedForIfTheOtherHadWrappedUpAtTheMillisecondOfLeaving() {
            // Given
            story.receive(joins("s", 10)).receive(userEnd("a", 15, "CLIENT")).receive(acw("a", 20));
            // When
            story.receive(userEnd("s", 20, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT);
            assertThat(story.passUntil(1_000).commands()).endsWith("agent-left #1 @140");
        }

        @Test
        void shouldMoveOnIfTheJoinerTransfers() {
            // Given
            story.receive(joins("s", 10)).receive(userEnd("a", 20, "CLIENT"));
            // When
            story.receive(userEnd("s", 21, "TRANSFER"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_TRANSFERRED);
            assertThat(story.passUntil(100_000).commands()).containsExactly("agent-updated a #1 @0");
        }
    }

    @Test
    void shouldNotOpenTheNextHandoverByACustomersStartFromBeforeTheJoinerLeft() {
        // Given
        story.receive(joins("s", 10)).receive(userEnd("a", 20, "CLIENT")).receive(customerStart(30));
        // When
        story.receive(userEnd("s", 40, "CLIENT")).passUntil(1_000);
        // Then
        assertThat(story.commands()).containsExactly("agent-updated a #1 @0", "agent-left #1 @160");
        assertThat(story.state().phase()).isEqualTo(Phase.ENDED);
    }

    @Nested
    @DisplayName("Who counts as the other")
    class WhoCounts {

        @Test
        void shouldNotTakeAnAgentForAJoinerWhoseStartIsLost() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT"));
            // When
            story.receive(userEnd("b", 70, "CLIENT", 60, 0)).receive(acw("a", 75));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_EARLIER);
            assertThat(story.passUntil(1_000).commands()).endsWith("agent-left #1 @190");
        }

        @Test
        void shouldLearnFromALateStartThatAQueueOfferedTheConversation() {
            // Given b left first, and the durations of its user.end are 10 ms short
            story.receive(userEnd("a", 60, "CLIENT")).receive(userEnd("b", 70, "CLIENT", 59.99, 0));
            // When
            story.receiveAt(70.5, userStart("b", 10)).receive(acw("a", 75));
            // Then
            assertThat(story.passUntil(1_000).commands()).endsWith("agent-left #1 @190");
        }

        @Test
        void shouldNotCountAnAgentWhoDeclined() {
            // Given
            Story declined = new Story();
            declined.receive(userStart("a", 0)).receive(joins("b", 10));
            // When
            declined.receive(userEnd("a", 20, "NO_ANSWER_TRANSFER"));
            // Then
            assertThat(declined.commands()).endsWith("agent-updated b #1 @20");
        }

        @Test
        void shouldNotCountAnAgentWhoHadLeft() {
            // Given
            story.receive(userEnd("a", 10, "CLIENT"));
            // When
            story.receive(joins("b", 10));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_STARTED);
            assertThat(story.commands()).endsWith("agent-updated b #1 @10");
        }

        @Test
        void shouldNotCountAnotherSilentJoiner() {
            // Given
            story.receive(joins("s", 10)).receive(joins("b", 20));
            // When
            story.receive(userEnd("a", 20.5, "TRANSFER"));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0", "agent-updated b #1 @20.5");
        }

        @ParameterizedTest
        @ValueSource(doubles = {11, 20})
        void shouldCountAJoinerWhoHasTakenOver(double joined) {
            // Given
            story.receive(joins("b", 10)).receive(userEnd("a", 11, "TAKEOVER"));
            // When
            story.receive(joins("s", joined));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_JOINED);
            assertThat(story.commands()).endsWith("agent-updated b #1 @11");
        }

        @Test
        void shouldCountAnAgentWhoseOwnStartIsUnknownAndWhoseAcwIsNot() {
            // Given
            Story other = new Story();
            other.receive(acw("a", 15)).receiveAt(15, joins("b", 10));
            // Then
            assertThat(other.outcome()).isEqualTo(Outcome.AGENT_STARTED);
        }

        @Test
        void shouldNotCountASessionThatOnlyBeganAtTheSameUnknownTime() {
            // Given
            Story ends = new Story();
            // When
            ends.receive(userEnd("a", 60, "CLIENT")).receive(userEnd("b", 61, "CLIENT"));
            // Then
            assertThat(ends.outcome()).isEqualTo(Outcome.AGENT_LEFT);
        }
    }
}
