package io.handover.conversation;

import static io.handover.conversation.Story.acdEnd;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.flowEnd;
import static io.handover.conversation.Story.millis;
import static io.handover.conversation.Story.other;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent.Details;
import io.handover.conversation.QueueSession.Exit;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverEnded;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The facts that an end is concluded from, and how long it is held. */
class ConclusionTest {

    private final Story story = new Story();

    @Nested
    @DisplayName("Of several agents who are gone, the one who left last")
    class LastDeparted {

        @ParameterizedTest
        @CsvSource({"a, b", "b, a"})
        void shouldBeTheOneWhoTransferredInTheSameMoment(String transferring, String leaving) {
            // Given
            Story other = new Story();
            // When
            story.receive(userEnd(transferring, 60, "TRANSFER")).receive(userEnd(leaving, 60, "CLIENT"));
            other.receive(userEnd(leaving, 60, "CLIENT")).receive(userEnd(transferring, 60, "TRANSFER"));
            // Then
            assertThat(story.passUntil(100_000).commands()).isEmpty();
            assertThat(other.passUntil(100_000).commands()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"a, b", "b, a"})
        void shouldBeTheOneWithoutAnEndInTheSameMoment(String completing, String leaving) {
            // Given
            Story other = new Story();
            // When
            story.receive(acw(completing, 60)).receive(userEnd(leaving, 60, "CLIENT"));
            other.receive(userEnd(leaving, 60, "CLIENT")).receive(acw(completing, 60));
            // Then
            assertThat(story.passUntil(1_000).commands()).containsExactly("transfer-timeout #1 @70");
            assertThat(other.passUntil(1_000).commands()).containsExactly("transfer-timeout #1 @70");
        }

        @Test
        void shouldBeTheSameOfTwoWhoLeftInTheSameMoment() {
            // Given
            Story other = new Story();
            // When
            story.receive(userEnd("a", 60, "CLIENT")).receive(userEnd("b", 60, "CLIENT"));
            other.receive(userEnd("b", 60, "CLIENT")).receive(userEnd("a", 60, "CLIENT"));
            // Then
            assertThat(story.receive(acw("b", 70)).passUntil(72).commands()).containsExactly("after-call-work #1 @72");
            assertThat(other.receive(acw("b", 70)).passUntil(72).commands()).containsExactly("after-call-work #1 @72");
        }

        @Test
        void shouldNotBeTheOneWhoseEndIsOlder() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT"));
            // When
            story.receiveAt(61, userEnd("c", 59, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT_EARLIER);
            assertThat(story.passUntil(1_000).commands()).containsExactly("agent-left #1 @180");
        }

        @Test
        void shouldServeOnWhenTheEndOfTheServiceBeforeArrives() {
            // Given
            story.receive(userStart("a", 20));
            // When
            story.receiveAt(21, userEnd("a", 15, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
        }

        @Test
        void shouldWaitForASecondAcwOfAnAgentWhoCameBack() {
            // Given
            story.receive(userStart("b", 0)).receive(userStart("a", 5)).receive(userEnd("a", 20, "CLIENT", 15, 0));
            story.receive(acw("a", 25)).receive(userStart("a", 30)).receive(userEnd("b", 40, "TRANSFER"));
            // When
            story.receive(acw("a", 100));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_HELD);
            assertThat(story.passUntil(1_000).commands()).endsWith("transfer-timeout #1 @110");
        }

        @Test
        void shouldEndByTheAcwOfTheLastServiceAlthoughAnotherIsMissing() {
            // Given
            story.receive(userStart("a", 0))
                    .receive(userEnd("a", 10, "TRANSFER"))
                    .receive(userStart("a", 20));
            // When
            story.receive(userEnd("a", 40, "CLIENT", 20, 0))
                    .receive(acw("a", 50))
                    .passUntil(1_000);
            // Then
            assertThat(story.commands()).endsWith("after-call-work #1 @52");
        }

        @Test
        void shouldNotEndByTheAcwOfAnEarlierService() {
            // When
            story.receive(userEnd("a", 60, "CLIENT", 40, 0))
                    .receiveAt(61, acw("a", 10))
                    .passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("agent-left #1 @180");
        }
    }

    @Nested
    @DisplayName("The deciding event of an end")
    class DecidingEvent {

        @Test
        void shouldBeTheUserEndWhenTheAcwWasBefore() {
            // When
            story.receive(acw("a", 60)).receive(userEnd("a", 61, "CLIENT")).passUntil(63);
            // Then
            HandoverEnded ended = (HandoverEnded) story.rawCommands().get(0);
            assertThat(ended.reason()).isEqualTo("after-call-work");
            assertThat(ended.occurredAt().toEpochMilli()).isEqualTo(millis(61));
            assertThat(ended.evidence()).extracting(Evidence::topic).containsExactly("acw", "user.end");
        }

        @Test
        void shouldBeTheAcwWhenTheUserEndWasBefore() {
            // When
            story.receive(userEnd("a", 60, "CLIENT")).receive(acw("a", 90)).passUntil(92);
            // Then
            HandoverEnded ended = (HandoverEnded) story.rawCommands().get(0);
            assertThat(ended.occurredAt().toEpochMilli()).isEqualTo(millis(90));
            assertThat(ended.decidedAt().toEpochMilli()).isEqualTo(millis(92));
            assertThat(ended.evidence()).extracting(Evidence::topic).containsExactly("user.end", "acw");
        }
    }

    @Nested
    @DisplayName("How long an agent who declined delays the end")
    class Declined {

        @ParameterizedTest
        @ValueSource(doubles = {59, 60})
        void shouldNotDelayItUnlessAfterTheLastDeparture(double declined) {
            // Given
            story.receive(userEnd("b", declined, "NO_ANSWER_TRANSFER"));
            // When
            story.receive(userEnd("a", 60, "CLIENT", 60, 0))
                    .receive(acw("a", 61))
                    .passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @63");
        }
    }

    @Nested
    @DisplayName("An event that arrives again, and cannot be deduplicated")
    class ArrivedAgain {

        @Test
        void shouldNotDelayTheEndByAnAcw() {
            // Given
            story.receive(acw("a", 60));
            // When
            story.receiveAt(65, new AfterCallWorkCompleted(again(acw("a", 60)), "a", "a", false));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.passUntil(1_000).commands()).containsExactly("transfer-timeout #1 @70");
        }

        @Test
        void shouldNotDelayTheEndByAnAgentsEnd() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT"));
            // When
            story.receiveAt(65, new AgentEnded(again(userEnd("a", 60, "CLIENT")), "a", "a", 0, 0, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.passUntil(1_000).commands()).containsExactly("agent-left #1 @180");
        }

        @Test
        void shouldNotDelayTheEndByAQueuesEnd() {
            // Given
            QueueLeft abandoned = acdEnd("q", 60, Exit.ABANDONED, null);
            story.receive(abandoned);
            // When
            story.receiveAt(65, new QueueLeft(again(abandoned), "q", Exit.ABANDONED, null));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.passUntil(1_000).commands()).containsExactly("queue-abandoned #1 @70");
        }

        @Test
        void shouldNotDelayTheEndByAFlowsEnd() {
            // Given
            FlowEnded disconnected = flowEnd(60, FlowSession.Exit.DISCONNECTED);
            story.receive(disconnected);
            // When
            story.receiveAt(65, new FlowEnded(again(disconnected), "flow", true, FlowSession.Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.passUntil(1_000).commands()).containsExactly("flow-disconnected #1 @70");
        }

        private Details again(ConversationEvent event) {
            Evidence evidence = event.details().evidence();
            return new Details(
                    new Evidence(evidence.topic(), "another-delivery", evidence.eventTime(), evidence.disconnectType()),
                    null,
                    null,
                    null,
                    null);
        }
    }

    @Nested
    @DisplayName("With an end of idle handovers")
    class Idle {

        @Test
        void shouldBeArmedOnceAndNotChangeThePhase() {
            // Given
            PendingEnd idle = new PendingEnd(EndReason.IDLE, List.of(), millis(610));
            // When / Then
            story.under(Policies.IDLE).receive(acdEnd("q", 10, Exit.ANSWERED, null));
            assertThat(story.state().pending()).isEqualTo(idle);
            assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
            story.receive(other(20));
            assertThat(story.state().pending()).isEqualTo(idle);
        }

        @Test
        void shouldStillEndByTheAgents() {
            // Given
            story.under(Policies.IDLE);
            // When
            story.receive(userEnd("a", 60, "CLIENT")).receive(acw("a", 61)).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @63");
        }
    }
}
