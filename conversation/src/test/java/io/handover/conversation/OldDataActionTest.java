package io.handover.conversation;

import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.flowStart;
import static io.handover.conversation.Story.sessionlessAcw;
import static io.handover.conversation.Story.sessionlessUserEnd;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent.AgentEnded;
import io.handover.conversation.ConversationEvent.Details;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The events of the old data action, which name no session, no participant and no agent. */
class OldDataActionTest {

    private final Story story = new Story();

    @Nested
    @DisplayName("Which agent they are of")
    class Agents {

        @Test
        void shouldTakeEveryEndForAnotherAgent() {
            // Given
            story.tell(sessionlessUserEnd(60, "TRANSFER")).tell(sessionlessAcw(61));
            // When
            story.tell(sessionlessUserEnd(63, "CLIENT"))
                    .tell(sessionlessAcw(64))
                    .passUntil(200);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @70");
        }

        @Test
        void shouldTakeEveryWrapUpForAnotherAgent() {
            // Given
            story.tell(sessionlessUserEnd(60, "CLIENT")).tell(sessionlessAcw(61));
            // When
            story.tell(sessionlessAcw(62)).passUntil(200);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @72");
        }

        @Test
        void shouldLeaveAnAgentWithASessionServing() {
            // Given
            story.tell(userStart("a", 0));
            // When
            story.tell(sessionlessUserEnd(60, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT_OTHERS);
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
        }

        @Test
        void shouldLeaveAnAgentWithASessionServingByAWrapUpToo() {
            // Given
            story.tell(userStart("a", 0));
            // When
            story.tell(sessionlessAcw(60)).passUntil(1_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_NOTED);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldNotWrapUpForAnAgentWithASession() {
            // Given
            story.tell(userEnd("a", 60, "CLIENT", 60, 0));
            // When
            story.tell(sessionlessAcw(61)).passUntil(200);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @71");
        }

        @Test
        void shouldNotWrapUpForAnAgentOfTheLastHandover() {
            // Given
            story.tell(sessionlessUserEnd(60, "CLIENT")).passUntil(180);
            story.tell(sessionlessUserEnd(400, "TRANSFER")).tell(sessionlessAcw(405));
            // When
            story.tell(sessionlessAcw(420)).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("agent-left #1 @180", "transfer-timeout #2 @430");
        }
    }

    @Nested
    @DisplayName("When they are of the next handover")
    class Reopening {

        @Test
        void shouldBeSoWhenNothingOfTheLastCanComeAnyMore() {
            for (ConversationEvent late :
                    new ConversationEvent[] {sessionlessUserEnd(190, "CLIENT"), sessionlessAcw(190)}) {
                // Given
                Story ended = new Story().tell(customerEnd(60));
                // When
                ended.tell(late);
                // Then
                assertThat(ended.outcome()).isEqualTo(Outcome.AFTER_END);
            }
            for (ConversationEvent next :
                    new ConversationEvent[] {sessionlessUserEnd(190.001, "CLIENT"), sessionlessAcw(190.001)}) {
                // Given
                Story ended = new Story().tell(customerEnd(60));
                // When
                ended.tell(next);
                // Then
                assertThat(ended.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
            }
        }

        @Test
        void shouldWaitForAWrapUpThatIsMissing() {
            // Given
            story.tell(sessionlessUserEnd(60, "CLIENT")).passUntil(180);
            // When
            story.tell(sessionlessUserEnd(190, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldNotWaitForEverForAWrapUpThatIsMissing() {
            // Given
            story.tell(sessionlessUserEnd(60, "CLIENT")).passUntil(180);
            // When
            story.tell(sessionlessUserEnd(190.001, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
        }

        @Test
        void shouldWaitForAnEndThatIsMissing() {
            // Given
            story.tell(sessionlessAcw(60)).passUntil(70);
            // When
            story.tell(sessionlessUserEnd(71, "CLIENT")).passUntil(1_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70");
        }

        @Test
        void shouldTakeALongWrapUpAfterTheCustomersEndForTheLast() {
            // Given
            story.tell(customerEnd(60)).tell(sessionlessUserEnd(61, "PEER"));
            // When
            story.tell(sessionlessAcw(400)).passUntil(1_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("customer-end #1 @60");
        }

        @Test
        void shouldTakeALongWrapUpForTheLastThoughItsAgentLeftBeforeTheFirstStart() {
            // Given
            story.tell(customerEnd(60)).tell(flowStart(100)).tell(customerEnd(100.5));
            story.tellAt(101, sessionlessUserEnd(99.5, "PEER"));
            // When
            story.tell(sessionlessAcw(400)).passUntil(1_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("customer-end #1 @60", "customer-end #2 @100.5");
        }

        @Test
        void shouldNotWaitForAWrapUpOfAnAgentWhoDeclined() {
            // Given
            story.tell(sessionlessUserEnd(50, "NO_ANSWER_TRANSFER"));
            story.tell(sessionlessUserEnd(60, "CLIENT"))
                    .tell(sessionlessAcw(61))
                    .passUntil(63);
            // When
            story.tell(sessionlessUserEnd(100, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
        }

        @Test
        void shouldNotWaitForAWrapUpOfAnAgentWithASession() {
            // Given
            story.tell(userEnd("a", 30, "TRANSFER"));
            story.tell(sessionlessUserEnd(60, "CLIENT"))
                    .tell(sessionlessAcw(61))
                    .passUntil(63);
            // When
            story.tell(sessionlessUserEnd(100, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
        }

        @Test
        void shouldWaitAfterTheCustomersEndAlthoughNothingIsMissing() {
            // Given
            story.tell(sessionlessUserEnd(50, "TRANSFER"))
                    .tell(sessionlessAcw(51))
                    .tell(customerEnd(60));
            // When
            story.tell(sessionlessUserEnd(61, "PEER"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldWaitWhereADuplicateCannotBeTold() {
            // Given
            story.tell(sessionlessUserEnd(60, "CLIENT"))
                    .tell(sessionlessAcw(61))
                    .passUntil(63);
            Details known = sessionlessUserEnd(100, "CLIENT").details();
            // When
            story.tell(new AgentEnded(new Details(known.evidence(), null, null, null, null), null, null, 0, 0, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }
    }
}
