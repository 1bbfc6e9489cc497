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

import io.handover.conversation.FlowSession.Exit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flows have the conversation, pass it on, or disconnect it. */
class FlowTest {

    private final Story story = new Story();

    @Nested
    @DisplayName("A routing flow has the conversation")
    class Routing {

        @Test
        void shouldNotEndWhileTheFlowRuns() {
            // Given
            story.receive(userStart("a", 0)).receive(userEnd("a", 60, "INACTIVITY"));
            // When
            story.receive(flowStart("f", 60.2, true)).receive(acw("a", 65));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_NOTED);
            assertThat(story.state().phase()).isEqualTo(Phase.IN_FLOW);
            assertThat(story.passUntil(100_000).commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldCancelAHold() {
            // Given
            story.receive(acw("a", 60));
            // When
            story.receive(flowStart("f", 61, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_ENTERED);
            assertThat(story.state().pending()).isNull();
        }

        @Test
        void shouldHaveTheConversationFromTheMillisecondOfTheDeparture() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT"));
            // When
            story.receive(flowStart("f", 60, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_ENTERED);
        }

        @Test
        void shouldNotHaveTheConversationIfItStartedBeforeTheDeparture() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT"));
            // When
            story.receiveAt(61, flowStart("f", 59.999, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.passUntil(1_000).commands()).containsExactly("agent-left #1 @180");
        }

        @Test
        void shouldDecideByTheNewestOfTwoFlows() {
            // Given
            story.receive(flowStart("f", 0, true)).receive(flowStart("g", 1, true));
            // When
            story.receive(flowEnd("g", 2, true, Exit.OTHER));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_LEFT);
            assertThat(story.state().phase()).isEqualTo(Phase.IN_FLOW);
        }

        @Test
        void shouldBeNotedWhileANewerFlowRuns() {
            // Given
            story.receive(flowStart("g", 1, true));
            // When
            story.receiveAt(2, flowStart("f", 0, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
        }

        @Test
        void shouldBeNotedIfANewerStartOfTheSameFlowIsKnown() {
            // Given
            story.receive(flowStart("f", 1, true));
            // When
            story.receiveAt(2, flowStart("f", 0, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
        }

        @Test
        void shouldBeNotedIfANewerStartOfTheSameFlowIsKnownAndItsEnd() {
            // Given
            story.receive(flowStart("f", 30, true)).receive(flowEnd("f", 40, true, Exit.OTHER));
            // When
            story.receiveAt(41, flowStart("f", 20, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
        }

        @Test
        void shouldNotHaveTheConversationIfItEndedAtTheMillisecondOfItsStart() {
            // Given
            story.receive(flowStart("f", 60, true));
            // When
            story.receive(flowEnd("f", 60, true, Exit.OTHER));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_LEFT);
            assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
        }
    }

    @Nested
    @DisplayName("A flow ends")
    class Ended {

        @Test
        void shouldMoveOnAfterATransfer() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT")).receive(flowStart("f", 60.5, true));
            // When
            story.receive(flowEnd("f", 90, true, Exit.TRANSFERRED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.MOVED_ON);
            assertThat(story.passUntil(100_000).commands()).isEmpty();
        }

        @Test
        void shouldHoldTheEndAfterADisconnect() {
            // Given
            story.receive(userEnd("a", 60, "TRANSFER")).receive(flowStart("f", 60.2, true));
            // When
            story.receive(flowEnd("f", 63, true, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_DISCONNECTED);
            assertThat(story.passUntil(1_000).commands()).containsExactly("flow-disconnected #1 @73");
        }

        @Test
        void shouldLetTheDepartureBeforeItDecideIfNothingSaysWhatBecameOfTheConversation() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT")).receive(flowStart("f", 60.5, true));
            // When
            story.receive(flowEnd("f", 90, true, Exit.OTHER));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_LEFT);
            assertThat(story.passUntil(1_000).commands()).containsExactly("agent-left #1 @210");
        }

        @Test
        void shouldNotDecideIfALaterDepartureIsKnown() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT"));
            // When
            story.receiveAt(61, flowEnd("f", 59, true, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_LEFT);
            assertThat(story.passUntil(1_000).commands()).containsExactly("agent-left #1 @180");
        }

        @Test
        void shouldNotDecideAtTheMillisecondOfAnAgentsDeparture() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT"));
            // When
            story.receiveAt(61, flowEnd("f", 60, true, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_LEFT);
        }

        @Test
        void shouldBeNotedIfANewerEndOfTheSameFlowIsKnown() {
            // Given
            story.receive(flowEnd("f", 60, true, Exit.DISCONNECTED));
            // When
            story.receiveAt(61, flowEnd("f", 59, true, Exit.TRANSFERRED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.passUntil(1_000).commands()).containsExactly("flow-disconnected #1 @70");
        }

        @ParameterizedTest
        @ValueSource(doubles = {50, 60})
        void shouldCountIfItArrivedBeforeItsStart(double started) {
            // Given
            story.receive(flowEnd("f", 60, true, Exit.DISCONNECTED));
            // When
            story.receiveAt(61, flowStart("f", started, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.STARTED_AFTER_END);
            assertThat(story.passUntil(1_000).commands()).containsExactly("flow-disconnected #1 @70");
        }

        @Test
        void shouldNotHoldTheEndLongerForAnAgentWhoDeclinedBecauseOfIt() {
            // Given
            story.receive(acdStart("q", 0)).receive(userStart("a", 55));
            // When
            story.receive(flowEnd("f", 60, false, Exit.DISCONNECTED))
                    .receive(userEnd("a", 60.2, "CLIENT", 0, 5.2))
                    .receive(acdEnd("q", 59.9, QueueSession.Exit.TRANSFERRED, null));
            // Then
            assertThat(story.passUntil(1_000).commands()).endsWith("flow-disconnected #1 @70.2");
        }
    }

    @Nested
    @DisplayName("An in-queue flow")
    class InQueue {

        @Test
        void shouldNotHaveTheConversation() {
            // When
            story.receive(flowStart("f", 0, false));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
        }

        @Test
        void shouldEndTheWaitIfItDisconnects() {
            // Given
            story.receive(acdStart("q", 0)).receive(flowStart("f", 0.2, false));
            // When
            story.receive(flowEnd("f", 45, false, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_DISCONNECTED);
            assertThat(story.passUntil(1_000).commands()).containsExactly("flow-disconnected #1 @55");
        }

        @ParameterizedTest
        @EnumSource(names = {"TRANSFERRED", "OTHER"})
        void shouldNotEndTheWaitUnlessItDisconnects(Exit exit) {
            // Given
            story.receive(acdStart("q", 0)).receive(flowStart("f", 0.2, false));
            // When
            story.receive(flowEnd("f", 45, false, exit));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_LEFT);
            assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
        }

        @Test
        void shouldNotHaveTheConversationIfItStartsAgainAfterItDisconnected() {
            // Given
            story.receive(flowEnd("f", 45, false, Exit.DISCONNECTED));
            // When
            story.receive(flowStart("f", 50, false));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.passUntil(1_000).commands()).containsExactly("flow-disconnected #1 @55");
        }

        @Test
        void shouldEndNoLaterWait() {
            // Given
            story.receive(flowEnd("f", 45, false, Exit.DISCONNECTED));
            // When
            story.receive(acdStart("q", 45.1));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.QUEUE_ENTERED);
        }

        @Test
        void shouldEndAWaitEnteredAtTheSameMillisecond() {
            // Given
            story.receive(acdStart("q", 45));
            // When
            story.receive(flowEnd("f", 45, false, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_DISCONNECTED);
        }
    }

    @Nested
    @DisplayName("Flows and the next handover")
    class NextHandover {

        @Test
        void shouldOpenByARoutingFlow() {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receive(flowStart("f", 100, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_START);
            assertThat(story.state().phase()).isEqualTo(Phase.IN_FLOW);
        }

        @Test
        void shouldNotOpenByAnInQueueFlow() {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receive(flowStart("f", 100, false));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldNotOpenByTheEndOfAFlow() {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receive(flowEnd("f", 100, true, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.passUntil(1_000).commands()).containsExactly("customer-end #1 @60");
        }

        @Test
        void shouldNotDependOnAFlowOfTheLastHandover() {
            // Given
            story.receive(flowStart("f", 0, true)).receive(customerEnd(60)).receive(userStart("b", 100));
            // When
            story.receive(flowEnd("f", 101, true, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.passUntil(1_000).commands()).endsWith("agent-updated b #2 @100");
        }

        @Test
        void shouldBeOfTheLastHandoverIfItStartedThen() {
            // Given
            story.receive(customerEnd(60)).receive(userStart("b", 61));
            // When
            story.receiveAt(61.5, flowStart("f", 59, true));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @ParameterizedTest
        @CsvSource({"100, FLOW_DISCONNECTED", "99.999, AFTER_END"})
        void shouldDependOnTheEventTimeOfTheEndIfTheStartIsUnknown(double ended, Outcome outcome) {
            // Given
            story.receive(customerEnd(60)).receive(customerStart(100));
            // When
            story.receiveAt(101, flowEnd("f", ended, true, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(outcome);
        }

        @Test
        void shouldDependOnAnInQueueFlowThatStartedBeforeTheFirstStart() {
            // Given
            story.receive(customerEnd(60)).receive(flowStart("f", 99, false)).receive(acdStart("q", 100));
            // When
            story.receive(flowEnd("f", 101, false, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.FLOW_DISCONNECTED);
            assertThat(story.passUntil(1_000).commands()).endsWith("flow-disconnected #2 @111");
        }

        @Test
        void shouldNotDependOnAnInQueueFlowOfTheLastHandover() {
            // Given
            story.receive(flowStart("f", 50, false)).receive(customerEnd(60)).receive(acdStart("q", 100));
            // When
            story.receive(flowEnd("f", 101, false, Exit.DISCONNECTED));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
        }

        @Test
        void shouldBeginWithAFlowThatStartedAfterALateCustomersEnd() {
            // Given
            story.receive(userStart("a", 0)).receive(flowStart("f", 61, true)).receive(flowStart("g", 60.5, false));
            // When
            story.receiveAt(62, customerEnd(60));
            // Then
            assertThat(story.state().cycle().number()).isEqualTo(2);
            assertThat(story.state().cycle().began()).isEqualTo(Story.millis(61));
            assertThat(story.state().phase()).isEqualTo(Phase.IN_FLOW);
        }

        @Test
        void shouldNotBeginWithAnInQueueFlow() {
            // Given
            story.receive(userStart("a", 0)).receive(flowStart("f", 61, false));
            // When
            story.receiveAt(62, customerEnd(60));
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.ENDED);
        }
    }

    @Test
    void shouldNotOpenTheNextHandoverByACustomersStartFromBeforeTheFlowEnded() {
        // Given
        story.receive(userEnd("a", 20, "CLIENT"))
                .receive(flowStart("f", 20.5, true))
                .receive(customerStart(25));
        // When
        story.receive(flowEnd("f", 60, true, Exit.OTHER)).passUntil(1_000);
        // Then
        assertThat(story.commands()).containsExactly("agent-left #1 @180");
        assertThat(story.state().phase()).isEqualTo(Phase.ENDED);
    }

    @Test
    void shouldNotEndTheNextHandoverByAnInQueueFlowThatEndedBeforeItBegan() {
        // Given
        story.receive(customerEnd(60)).receive(flowStart("f", 100, false));
        story.receive(flowEnd("f", 149, false, Exit.DISCONNECTED));
        // When
        story.receive(customerStart(200)).passUntil(1_000);
        // Then
        assertThat(story.commands()).containsExactly("customer-end #1 @60");
        assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
    }

    @Test
    void shouldEndTheNextHandoverByAnInQueueFlowThatStartedBeforeItsFirstKnownStart() {
        // Given
        story.receive(customerEnd(60)).receive(flowStart("f", 100, false)).receive(customerStart(120));
        // When
        story.receive(flowEnd("f", 149, false, Exit.DISCONNECTED)).passUntil(1_000);
        // Then
        assertThat(story.commands()).containsExactly("customer-end #1 @60", "flow-disconnected #2 @159");
    }

    @Test
    void shouldBelongToTheNextHandoverWhileItRunsBesideAWait() {
        // Given
        story.receive(customerEnd(60)).receive(acdStart("q", 100));
        // When
        story.receive(flowStart("f", 100.2, false));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
    }

    @Test
    void shouldBelongToTheHandoverThatEndedEvenIfALateStartRefutedThatEnd() {
        // Given
        story.receive(acw("a", 60)).passUntil(70).receiveAt(72, userStart("b", 50));
        // When
        story.receiveAt(73, flowStart("f", 55, true));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
    }

    @Test
    void shouldNoteTheEndOfAnEarlierRunOfTheSameFlow() {
        // Given
        story.receive(flowStart("f", 50, true));
        // When
        story.receiveAt(51, flowEnd("f", 40, true, Exit.TRANSFERRED));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
        assertThat(story.state().phase()).isEqualTo(Phase.IN_FLOW);
    }

    @Test
    void shouldDecideByTheGreaterIdIfTwoFlowsEndAtOnce() {
        // Given
        Story other = new Story();
        // When
        story.receive(flowEnd("f", 60, true, Exit.DISCONNECTED)).receive(flowEnd("g", 60, true, Exit.TRANSFERRED));
        other.receive(flowEnd("g", 60, true, Exit.TRANSFERRED)).receive(flowEnd("f", 60, true, Exit.DISCONNECTED));
        // Then
        assertThat(story.passUntil(1_000).commands()).isEmpty();
        assertThat(other.passUntil(1_000).commands()).isEmpty();
    }

    @Test
    void shouldSayThatOnlyTheCustomerEndsAfterAFlowDisconnects() {
        // Given
        Story customerOnly = new Story(Policies.CUSTOMER_ONLY);
        // When
        customerOnly.receive(flowEnd("f", 60, true, Exit.DISCONNECTED));
        // Then
        assertThat(customerOnly.outcome()).isEqualTo(Outcome.CUSTOMER_AWAITED);
        assertThat(customerOnly.passUntil(1_000).commands()).isEmpty();
    }
}
