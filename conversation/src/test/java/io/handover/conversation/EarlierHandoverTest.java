package io.handover.conversation;

import static io.handover.conversation.Story.acdEnd;
import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.customerStart;
import static io.handover.conversation.Story.flowEnd;
import static io.handover.conversation.Story.flowStart;
import static io.handover.conversation.Story.other;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.QueueSession.Exit;
import io.handover.schema.AgentUpdated;
import io.handover.schema.Evidence;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An event decides in the handover that it belongs to, and in no other. */
class EarlierHandoverTest {

    private final Story story = new Story();

    @Nested
    @DisplayName("An event that arrived before the end")
    class Known {

        @Test
        void shouldIgnoreAnAgentWhoseEndNeverArrived() {
            // Given
            story.receive(userStart("a", 0)).receive(customerEnd(60));
            // When
            story.receive(acdStart("q", 100));
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0", "customer-end #1 @60");
        }

        @Test
        void shouldIgnoreAQueueWhoseEndNeverArrived() {
            // Given
            story.receive(acdStart("q", 0)).receive(customerEnd(60));
            // When
            story.receive(customerStart(100));
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
        }

        @Test
        void shouldIgnoreAFlowWhoseEndNeverArrived() {
            // Given
            story.receive(flowStart(0)).receive(customerEnd(60));
            // When
            story.receive(customerStart(100));
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
        }

        @Test
        void shouldNotEndTheNextHandoverByAFlowThatDisconnectedTheLast() {
            // Given
            story.receive(flowEnd(60, FlowSession.Exit.DISCONNECTED)).passUntil(70);
            // When
            story.receive(customerStart(100)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("flow-disconnected #1 @70");
        }

        @Test
        void shouldNotEndTheNextHandoverByAnAgentWhoLeftTheLast() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT", 60, 0))
                    .receive(acw("a", 61))
                    .passUntil(63);
            // When
            story.receive(customerStart(100)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @63");
        }

        @Test
        void shouldNotEndTheNextHandoverByAQueueThatWasLeftInTheLast() {
            // Given
            story.receive(acdStart("q1", 0)).receive(acdEnd("q1", 50, Exit.TRANSFERRED, null));
            story.receive(acdEnd("q2", 60, Exit.ABANDONED, null)).passUntil(70);
            // When
            story.receive(customerStart(100)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("queue-abandoned #1 @70");
        }

        @Test
        void shouldNotHoldTheEndForATransferOfTheLastHandover() {
            // Given
            story.receive(userEnd("a", 60, "TRANSFER")).receive(customerEnd(61));
            // When
            story.receive(userEnd("b", 64, "CLIENT", 2, 0))
                    .receive(acw("b", 65))
                    .passUntil(100);
            // Then
            assertThat(story.commands()).containsExactly("customer-end #1 @61", "after-call-work #2 @67");
        }

        @Test
        void shouldServeAgainWhoServedInTheLastHandover() {
            // Given
            story.receive(userStart("a", 0)).receive(customerEnd(60)).receive(customerStart(100));
            // When
            story.receive(userStart("a", 150));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_STARTED);
            assertThat(story.commands()).endsWith("agent-updated a #2 @150");
        }
    }

    @Nested
    @DisplayName("An event that arrives after the next handover has begun")
    class Late {

        @ParameterizedTest
        @ValueSource(doubles = {50, 60})
        void shouldNotAnnounceAnAgentWhoStartedBeforeTheEnd(double started) {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(61));
            // When
            story.receiveAt(61.5, userStart("a", started));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
            assertThat(story.commands()).containsExactly("customer-end #1 @60");
        }

        @Test
        void shouldNotServeInTheHandoverAfterTheNextEither() {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(61)).receiveAt(61.5, userStart("a", 50));
            // When
            story.receive(customerEnd(100)).receive(customerStart(200));
            // Then
            assertThat(story.state().cycle().number()).isEqualTo(3);
            assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
        }

        @Test
        void shouldServeOnWhereAgentsConcludedTheEndTooEarly() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(customerStart(71));
            // When
            story.receiveAt(71.5, userStart("b", 58));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_STARTED);
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "agent-updated b #2 @71.5");
        }

        @Test
        void shouldServeOnInTheKnownSessionWhereAgentsConcludedTheEndTooEarly() {
            // Given
            story.receive(userStart("b", 0))
                    .receive(userEnd("b", 10, "TRANSFER"))
                    .receive(acw("b", 11));
            story.receive(acw("a", 60)).passUntil(70).receive(customerStart(71));
            // When
            story.receiveAt(71.5, userStart("b", 58));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_STARTED);
            assertThat(story.commands()).endsWith("agent-updated b #2 @71.5");
        }

        @Test
        void shouldNotBringBackAnAgentWhoIsKnownToHaveGone() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(userEnd("b", 70.5, "CLIENT", 30, 0));
            story.receive(customerStart(71));
            // When
            story.receiveAt(71.5, userStart("b", 40.5)).passUntil(100_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70");
        }

        @Test
        void shouldNotWaitInAQueueThatWasEnteredBeforeTheEnd() {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(61)).receive(userEnd("b", 65, "CLIENT"));
            // When
            story.receiveAt(65.5, acdStart("q", 50));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.passUntil(200).commands()).containsExactly("customer-end #1 @60", "agent-left #2 @185");
        }

        @Test
        void shouldNotEndByAQueueThatWasEnteredBeforeTheEnd() {
            // Given
            story.receive(acdStart("q", 0)).receive(customerEnd(60)).receive(customerStart(61));
            // When
            story.receive(acdEnd("q", 62, Exit.ABANDONED, null)).passUntil(100_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("customer-end #1 @60");
        }

        @Test
        void shouldNotEndByAnAgentWhoseDurationsSayThatItWasBeforeTheEnd() {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(61));
            // When
            story.receive(userEnd("a", 62, "CLIENT", 30, 0)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("customer-end #1 @60");
        }

        @Test
        void shouldNotEndByTheAcwOfAnAgentWhoseDurationsSayThatItWasBeforeTheEnd() {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(61)).receive(acw("a", 62));
            // When
            story.receiveAt(63, userEnd("a", 61.5, "CLIENT", 30, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.passUntil(1_000).commands()).containsExactly("customer-end #1 @60");
        }

        @Test
        void shouldServeOnWhenTheEndOfTheServiceInTheLastHandoverIsLate() {
            // Given
            story.receive(userStart("a", 0)).receive(customerEnd(60)).receive(userStart("a", 100));
            // When
            story.receiveAt(101, userEnd("a", 59, "CLIENT", 59, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
        }

        @Test
        void shouldEndByAnAgentWhoseDurationsSayThatItWasAfterTheEnd() {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(61));
            // When
            story.receiveAt(61.5, userEnd("a", 60.9, "CLIENT", 0.5, 0)).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("customer-end #1 @60", "agent-left #2 @181.5");
        }

        @Test
        void shouldEndByAnAgentWithoutDurationsFromTheFirstStartOn() {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(61));
            // When
            story.receiveAt(61.2, userEnd("a", 60.9, "CLIENT"));
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            story.receiveAt(61.5, userEnd("b", 61, "CLIENT")).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("customer-end #1 @60", "agent-left #2 @181.5");
        }

        @ParameterizedTest
        @ValueSource(doubles = {0, 70})
        void shouldNotEndByTheLastHandoversAgentWhoseEndIsLate(double interacting) {
            // Given
            story.receive(userStart("a", 0)).receive(customerEnd(60)).receive(customerStart(61));
            // When
            story.receive(userEnd("a", 70, "PEER", interacting, 0)).passUntil(100_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0", "customer-end #1 @60");
        }

        @Test
        void shouldNotCarryOverWhatTheLastHandoverHadAlready() {
            // Given
            story.receive(acdStart("q", 58.8))
                    .receive(userStart("c", 59))
                    .receive(acw("c", 60))
                    .passUntil(70);
            story.receiveAt(71, userStart("b", 58));
            // When
            story.receiveAt(72, customerEnd(58.5)).passUntil(100_000);
            // Then
            assertThat(story.commands())
                    .containsExactly(
                            "agent-updated c #1 @59",
                            "transfer-timeout #1 @70",
                            "agent-updated b #2 @71",
                            "customer-end #2 @72");
            assertThat(story.state().phase()).isEqualTo(Phase.ENDED);
        }
    }

    @Nested
    @DisplayName("When a handover began")
    class Began {

        static Stream<ConversationEvent> starts() {
            return Stream.of(customerStart(99), userStart("a", 99), acdStart("q", 99), flowStart(99));
        }

        @ParameterizedTest
        @MethodSource("starts")
        void shouldBeginWithItsEarliestStartWhenThatArrivesLater(ConversationEvent start) {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(100)).receiveAt(100.2, start);
            // When
            story.receiveAt(100.5, customerEnd(99.5));
            // Then
            assertThat(story.commands()).endsWith("customer-end #2 @100.5");
        }

        static Stream<ConversationEvent> others() {
            return Stream.of(other(99), flowStart("in-queue", 99, false));
        }

        @ParameterizedTest
        @MethodSource("others")
        void shouldNotBeginWithAnythingElse(ConversationEvent event) {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(100)).receiveAt(100.2, event);
            // When
            story.receiveAt(100.5, customerEnd(99.5));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("customer-end #1 @60");
        }

        static Stream<ConversationEvent> startsOfTheLastHandover() {
            return Stream.of(59.0, 60.0)
                    .flatMap(time ->
                            Stream.of(customerStart(time), userStart("b", time), acdStart("q", time), flowStart(time)));
        }

        @ParameterizedTest
        @MethodSource("startsOfTheLastHandover")
        void shouldNotBeginWithAStartOfTheLastHandover(ConversationEvent start) {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(100)).receiveAt(100.2, start);
            // When
            story.receiveAt(100.5, acw("a", 80)).passUntil(1_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("customer-end #1 @60");
        }
    }

    @Nested
    @DisplayName("A session that began after the customer's end, and arrived before it")
    class OutOfOrder {

        @Test
        void shouldWaitInTheQueueThatWasEnteredSince() {
            // Given
            story.receive(userStart("a", 0)).receive(acdStart("q1", 10)).receiveAt(61, acdStart("q2", 60.5));
            // When
            story.receiveAt(61.5, customerEnd(60));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0", "customer-end #1 @61.5");
            assertThat(story.state().cycle().number()).isEqualTo(2);
            assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
            story.receive(acdEnd("q2", 70, Exit.TRANSFERRED, null));
            assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
        }

        @Test
        void shouldNotCarryOverAnAgentWhoWasThereBefore() {
            // Given
            story.receive(userStart("a", 0)).receiveAt(61, userStart("b", 60.5)).receiveAt(61.5, customerEnd(60));
            // When
            story.receive(userEnd("b", 100, "CLIENT", 39.5, 0))
                    .receive(acw("b", 101))
                    .passUntil(200);
            // Then
            assertThat(story.commands())
                    .containsExactly(
                            "agent-updated a #1 @0",
                            "agent-updated b #1 @61",
                            "customer-end #1 @61.5",
                            "agent-updated b #2 @61.5",
                            "after-call-work #2 @103");
        }

        @Test
        void shouldQuoteTheStartOfTheAgentAsEvidence() {
            // Given
            story.receiveAt(61, userStart("b", 60.5));
            // When
            story.receiveAt(61.5, customerEnd(60));
            // Then
            AgentUpdated updated = (AgentUpdated) story.rawCommands().get(2);
            assertThat(updated.cycle()).isEqualTo(2);
            assertThat(updated.occurredAt().toEpochMilli()).isEqualTo(Story.millis(60.5));
            assertThat(updated.evidence()).extracting(Evidence::topic).containsExactly("user.start");
        }

        @Test
        void shouldNotCarryOverWhatStartedInTheSameMoment() {
            for (ConversationEvent start :
                    List.of(userStart("a", 60), acdStart("q", 60), flowStart(60), customerStart(60))) {
                // Given
                Story together = new Story().receive(start);
                // When
                together.receive(customerEnd(60));
                // Then
                assertThat(together.state().phase()).isEqualTo(Phase.ENDED);
            }
        }

        @Test
        void shouldNotOpenForACustomerWhoStartedInTheMomentInWhichTheAgentsWereDone() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT")).receive(acw("a", 61)).receive(customerStart(61));
            // When
            story.passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @63");
            assertThat(story.state().phase()).isEqualTo(Phase.ENDED);
        }
    }
}
