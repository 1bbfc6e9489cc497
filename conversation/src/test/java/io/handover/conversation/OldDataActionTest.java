package io.handover.conversation;

import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.flowStart;
import static io.handover.conversation.Story.sessionlessAcw;
import static io.handover.conversation.Story.sessionlessUserEnd;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent.Details;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Events of the old data action, which name no session, participant or agent. */
class OldDataActionTest {

    private final Story story = new Story();

    @Nested
    @DisplayName("The agent that they belong to")
    class Agents {

        @Test
        void shouldCountEveryEndAsAnotherAgent() {
            // Given
            story.receive(sessionlessUserEnd(60, "TRANSFER")).receive(sessionlessAcw(61));
            // When
            story.receive(sessionlessUserEnd(63, "CLIENT"))
                    .receive(sessionlessAcw(64))
                    .passUntil(200);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @70");
        }

        @Test
        void shouldNumberTheAgents() {
            // When
            story.receive(sessionlessUserEnd(60, "CLIENT")).receive(sessionlessUserEnd(61, "CLIENT"));
            // Then
            assertThat(story.state().sessions().agents())
                    .extracting(AgentSession::id)
                    .containsExactly("legless:1", "legless:2");
        }

        @Test
        void shouldCountEveryAcwAsAnotherAgent() {
            // Given
            story.receive(sessionlessUserEnd(60, "CLIENT")).receive(sessionlessAcw(61));
            // When
            story.receive(sessionlessAcw(62)).passUntil(200);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @72");
        }

        @Test
        void shouldLeaveAnAgentWithASessionServing() {
            // Given
            story.receive(userStart("a", 0));
            // When
            story.receive(sessionlessUserEnd(60, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT_OTHERS);
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
        }

        @Test
        void shouldLeaveAnAgentWithASessionServingAfterAnAcw() {
            // Given
            story.receive(userStart("a", 0));
            // When
            story.receive(sessionlessAcw(60)).passUntil(1_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_NOTED);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldNotMatchAnAcwToAnAgentWithASession() {
            // Given
            story.receive(userEnd("a", 60, "CLIENT", 60, 0));
            // When
            story.receive(sessionlessAcw(61)).passUntil(200);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @71");
        }

        @Test
        void shouldNotMatchAnAcwToAnAgentOfTheLastHandover() {
            // Given
            story.receive(sessionlessUserEnd(60, "CLIENT")).passUntil(180);
            story.receive(sessionlessUserEnd(400, "TRANSFER")).receive(sessionlessAcw(405));
            // When
            story.receive(sessionlessAcw(420)).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("agent-left #1 @180", "transfer-timeout #2 @430");
        }
    }

    @Nested
    @DisplayName("When they belong to the next handover")
    class Reopening {

        @Test
        void shouldReopenWhenNoEventOfTheLastCanArriveAnyMore() {
            for (ConversationEvent late :
                    new ConversationEvent[] {sessionlessUserEnd(190, "CLIENT"), sessionlessAcw(190)}) {
                // Given
                Story ended = new Story().receive(customerEnd(60));
                // When
                ended.receive(late);
                // Then
                assertThat(ended.outcome()).isEqualTo(Outcome.AFTER_END);
            }
            for (ConversationEvent next :
                    new ConversationEvent[] {sessionlessUserEnd(190.001, "CLIENT"), sessionlessAcw(190.001)}) {
                // Given
                Story ended = new Story().receive(customerEnd(60));
                // When
                ended.receive(next);
                // Then
                assertThat(ended.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
            }
        }

        @Test
        void shouldWaitForAnAcwThatIsMissing() {
            // Given
            story.receive(sessionlessUserEnd(60, "CLIENT")).passUntil(180);
            // When
            story.receive(sessionlessUserEnd(190, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldNotWaitForEverForAnAcwThatIsMissing() {
            // Given
            story.receive(sessionlessUserEnd(60, "CLIENT")).passUntil(180);
            // When
            story.receive(sessionlessUserEnd(190.001, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
        }

        @Test
        void shouldWaitForAnEndThatIsMissing() {
            // Given
            story.receive(sessionlessAcw(60)).passUntil(70);
            // When
            story.receive(sessionlessUserEnd(71, "CLIENT")).passUntil(1_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70");
        }

        @Test
        void shouldMatchALateAcwAfterTheCustomersEndToTheLast() {
            // Given
            story.receive(customerEnd(60)).receive(sessionlessUserEnd(61, "PEER"));
            // When
            story.receive(sessionlessAcw(400)).passUntil(1_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("customer-end #1 @60");
        }

        @Test
        void shouldMatchALateAcwToTheLastIfItsAgentLeftBeforeTheFirstStart() {
            // Given
            story.receive(customerEnd(60)).receive(flowStart(100)).receive(customerEnd(100.5));
            story.receiveAt(101, sessionlessUserEnd(99.5, "PEER"));
            // When
            story.receive(sessionlessAcw(400)).passUntil(1_000);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("customer-end #1 @60", "customer-end #2 @100.5");
        }

        @Test
        void shouldNotWaitForTheAcwOfAnAgentWhoDeclined() {
            // Given
            story.receive(sessionlessUserEnd(50, "NO_ANSWER_TRANSFER"));
            story.receive(sessionlessUserEnd(60, "CLIENT"))
                    .receive(sessionlessAcw(61))
                    .passUntil(63);
            // When
            story.receive(sessionlessUserEnd(100, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
        }

        @Test
        void shouldNotWaitForTheAcwOfAnAgentWithASession() {
            // Given
            story.receive(userEnd("a", 30, "TRANSFER"));
            story.receive(sessionlessUserEnd(60, "CLIENT"))
                    .receive(sessionlessAcw(61))
                    .passUntil(63);
            // When
            story.receive(sessionlessUserEnd(100, "CLIENT"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
        }

        @Test
        void shouldWaitAfterTheCustomersEndAlthoughNothingIsMissing() {
            // Given
            story.receive(sessionlessUserEnd(50, "TRANSFER"))
                    .receive(sessionlessAcw(51))
                    .receive(customerEnd(60));
            // When
            story.receive(sessionlessUserEnd(61, "PEER"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldWaitWithoutAFingerprint() {
            // Given
            story.receive(sessionlessUserEnd(60, "CLIENT"))
                    .receive(sessionlessAcw(61))
                    .passUntil(63);
            Details known = sessionlessUserEnd(100, "CLIENT").details();
            // When
            story.receive(new AgentEnded(new Details(known.evidence(), null, null, null, null), null, null, 0, 0, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }
    }
}
