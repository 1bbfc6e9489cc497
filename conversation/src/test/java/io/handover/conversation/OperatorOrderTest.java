package io.handover.conversation;

import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.customerStart;
import static io.handover.conversation.Story.order;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.Evidence;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.OperatorOrder.Action;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** An operator ends a handover that nothing else ends, or does not wait for a held end any longer. */
class OperatorOrderTest {

    private final Story story = new Story();

    private List<Evidence> evidenceOfLast() {
        List<HandoverCommand> sent = story.rawCommands();
        return ((HandoverEnded) sent.get(sent.size() - 1)).evidence();
    }

    @Nested
    @DisplayName("An order to end")
    class End {

        @Test
        void shouldEndTheHandoverAtOnceWhileAnAgentServes() {
            // Given
            story.receive(userStart("anna", 10));
            // When
            story.receive(order(Action.END, 1, 20));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated anna #1 @10", "operator #1 @20");
            assertThat(evidenceOfLast())
                    .containsExactly(new Evidence(
                            "operator.order", Story.ORDER_ID.toString(), Instant.ofEpochMilli(Story.millis(20)), null));
            assertThat(story.outcome()).isEqualTo(Outcome.OPERATOR_ENDED);
        }

        @Test
        void shouldEndAHandoverThatWaitsInAQueue() {
            // Given
            story.receive(acdStart("queue", 10));
            // When
            story.receive(order(Action.END, 1, 20));
            // Then
            assertThat(story.commands()).containsExactly("operator #1 @20");
        }

        @Test
        void shouldReplaceAnEndThatIsHeld() {
            // Given
            story.receive(userStart("anna", 10)).receive(userEnd("anna", 20, "CLIENT"));
            // When
            story.receive(order(Action.END, 1, 30)).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("agent-updated anna #1 @10", "operator #1 @30");
        }

        @Test
        void shouldNotBeFollowedByTheEndOfTheAgentOrTheCustomer() {
            // Given
            story.receive(customerStart(5)).receive(userStart("anna", 10)).receive(order(Action.END, 1, 20));
            // When
            story.receive(userEnd("anna", 30, "CLIENT"))
                    .receive(acw("anna", 40))
                    .receive(customerEnd(50))
                    .passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("agent-updated anna #1 @10", "operator #1 @20");
        }

        @Test
        void shouldNotBeRefutedByALateStart() {
            // Given
            story.receive(userStart("anna", 10)).receive(order(Action.END, 1, 20));
            // When
            story.receiveAt(21, userStart("bert", 15));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated anna #1 @10", "operator #1 @20");
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldIncludeAnEventThatIsDatedAfterTheOrder() {
            // Given: the clock of Genesys is ahead of the broker's
            story.receiveAt(19, userStart("anna", 22));
            // When
            story.receiveAt(20, order(Action.END, 1, 20)).receiveAt(21, userEnd("anna", 23, "CLIENT"));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated anna #1 @22", "operator #1 @22");
        }

        @Test
        void shouldLetTheNextAgentOpenTheNextHandover() {
            // Given
            story.receive(userStart("anna", 10)).receive(order(Action.END, 1, 20));
            // When
            story.receive(userStart("bert", 30));
            // Then
            assertThat(story.commands())
                    .containsExactly("agent-updated anna #1 @10", "operator #1 @20", "agent-updated bert #2 @30");
        }

        @Test
        void shouldNotEndALaterHandover() {
            // Given
            story.receive(userStart("anna", 10)).receive(customerEnd(20)).receive(userStart("bert", 30));
            // When
            story.receive(order(Action.END, 1, 40));
            // Then
            assertThat(story.commands()).doesNotContain("operator #2 @40");
            assertThat(story.outcome()).isEqualTo(Outcome.ORDER_WITHOUT_EFFECT);
        }

        @Test
        void shouldBeAppliedOnce() {
            // Given
            story.receive(userStart("anna", 10)).receive(order(Action.END, 1, 20));
            // When
            story.receive(order(Action.END, 1, 21));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated anna #1 @10", "operator #1 @20");
            assertThat(story.outcome()).isEqualTo(Outcome.DUPLICATE);
        }

        @Test
        void shouldLeaveAnUnknownConversationUnknown() {
            // When
            story.receive(order(Action.END, 1, 10));
            // Then
            assertThat(story.commands()).isEmpty();
            assertThat(story.state()).isSameAs(ConversationState.NEW);
            assertThat(story.outcome()).isEqualTo(Outcome.ORDER_WITHOUT_EFFECT);
        }

        @Test
        void shouldSendNothingWhereNoHandoverHasBegun() {
            // Given
            story.receive(Story.other(10));
            // When
            story.receive(order(Action.END, 1, 20));
            // Then
            assertThat(story.commands()).isEmpty();
            assertThat(story.outcome()).isEqualTo(Outcome.ORDER_WITHOUT_EFFECT);
        }
    }

    @Nested
    @DisplayName("An order to release a held end")
    class Release {

        @Test
        void shouldAnnounceTheHeldEndAtOnceWithItsReason() {
            // Given
            story.receive(userStart("anna", 10)).receive(userEnd("anna", 20, "CLIENT"));
            // When
            story.receive(order(Action.RELEASE, 1, 30)).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("agent-updated anna #1 @10", "agent-left #1 @30");
            assertThat(evidenceOfLast()).extracting(Evidence::topic).containsExactly("user.end", "operator.order");
            assertThat(story.outcome()).isEqualTo(Outcome.OPERATOR_RELEASED);
        }

        @Test
        void shouldOpenTheNextHandoverForACustomerWhoCameBackWhileItWasHeld() {
            // Given
            story.receive(customerStart(5))
                    .receive(userStart("anna", 10))
                    .receive(userEnd("anna", 20, "CLIENT"))
                    .receive(customerStart(25));
            // When
            story.receive(order(Action.RELEASE, 1, 30));
            // Then
            assertThat(story.state().cycle().number()).isEqualTo(2);
            assertThat(story.state().isOpen()).isTrue();
        }

        @Test
        void shouldHaveNoEffectWhileAnAgentServes() {
            // Given
            story.receive(userStart("anna", 10));
            // When
            story.receive(order(Action.RELEASE, 1, 20)).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("agent-updated anna #1 @10");
            assertThat(story.outcome()).isEqualTo(Outcome.ORDER_WITHOUT_EFFECT);
        }

        @Test
        void shouldNotReleaseALaterHoldWithTheSameOrder() {
            // Given
            story.receive(userStart("anna", 10)).receive(order(Action.RELEASE, 1, 20));
            // When
            story.receive(userEnd("anna", 30, "CLIENT")).receive(order(Action.RELEASE, 1, 40));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated anna #1 @10");
            assertThat(story.outcome()).isEqualTo(Outcome.DUPLICATE);
        }

        @Test
        void shouldNotTakeTheIdleTimeForAHeldEnd() {
            // Given
            Story idle = new Story(Policies.IDLE);
            idle.receive(userStart("anna", 10));
            // When
            idle.receive(order(Action.RELEASE, 1, 20));
            // Then
            assertThat(idle.commands()).containsExactly("agent-updated anna #1 @10");
            assertThat(idle.outcome()).isEqualTo(Outcome.ORDER_WITHOUT_EFFECT);
        }
    }
}
