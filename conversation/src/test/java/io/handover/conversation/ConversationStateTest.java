package io.handover.conversation;

import static io.handover.conversation.ConversationState.MAX_SESSIONS;
import static io.handover.conversation.Story.acdEnd;
import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.conversation.ConversationEvent.AgentStarted;
import io.handover.conversation.ConversationEvent.CustomerEnded;
import io.handover.conversation.ConversationEvent.Details;
import io.handover.conversation.QueueSession.Exit;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is remembered of a conversation, and what gives way when it is too much. */
class ConversationStateTest {

    private final Story story = new Story();

    @Test
    void shouldBeNewUntilTheFirstEvent() {
        // When / Then
        assertThat(ConversationState.NEW.isNew()).isTrue();
        assertThat(story.tell(acdStart("q", 0)).state().isNew()).isFalse();
    }

    @Test
    void shouldApplyAnEventThatHasNoFingerprint() {
        // Given
        Details known = customerEnd(60).details();
        // When
        story.tell(new CustomerEnded(new Details(known.evidence(), null, null, null, null), 0));
        // Then
        assertThat(story.commands()).containsExactly("customer-end #1 @60");
        assertThat(story.state().fingerprints()).isEqualTo(Fingerprints.NONE);
    }

    @Test
    void shouldNoteAStartThatNamesNobody() {
        // When
        story.tell(new AgentStarted(userStart("a", 0).details(), null, "a", true, false));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
        assertThat(story.state().agentSessions()).isEmpty();
        assertThat(story.commands()).isEmpty();
    }

    @Test
    void shouldNotBeEndedWithoutAnEnd() {
        // When / Then
        assertThatThrownBy(() -> state(1, false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotBeInAHandoverBeforeTheFirst() {
        // When / Then
        assertThatThrownBy(() -> state(0, true)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ConversationState state(int cycle, boolean open) {
        ConversationState known = ConversationState.NEW;
        return new ConversationState(
                cycle,
                open,
                null,
                known.handoverBegan(),
                List.of(),
                List.of(),
                null,
                null,
                known.fingerprints(),
                known.customer(),
                known.touchedAt());
    }

    @Nested
    @DisplayName("More agents than are kept")
    class FloodOfAgents {

        @Test
        void shouldPushOutWhoIsGoneAndNotWhoIsThere() {
            // Given
            story.tell(userStart("a", 0));
            for (int i = 1; i < MAX_SESSIONS; i++) {
                story.tell(userEnd("b" + i, i, "TRANSFER"));
            }
            // When
            story.tell(userStart("c", 100));
            // Then
            assertThat(story.state().agentSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(AgentSession::id)
                    .startsWith("a", "b2");
        }

        @Test
        void shouldPushOutTheOldestWhenAllAreThere() {
            // Given
            for (int i = 0; i < MAX_SESSIONS; i++) {
                story.tell(userStart("a" + i, i));
            }
            // When
            story.tell(userStart("b", 100));
            // Then
            assertThat(story.state().agentSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(AgentSession::id)
                    .startsWith("a1")
                    .endsWith("b");
        }

        @Test
        void shouldPushOutNobodyForAnAgentWhoIsKnown() {
            // Given
            for (int i = 0; i < MAX_SESSIONS; i++) {
                story.tell(userStart("a" + i, i));
            }
            // When
            story.tell(acw("a7", 100));
            // Then
            assertThat(story.state().agentSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(AgentSession::id)
                    .startsWith("a0");
        }
    }

    @Nested
    @DisplayName("More stays in queues than are kept")
    class FloodOfQueues {

        @Test
        void shouldPushOutWhatWasOfAnEarlierHandover() {
            // Given
            story.tell(acdEnd("q1", 0, Exit.OTHER, null))
                    .tell(acdStart("q2", 1))
                    .tell(customerEnd(10));
            story.tell(acdStart("q3", 100)).tell(acdEnd("q3", 101, Exit.OTHER, null));
            for (int i = 3; i < MAX_SESSIONS; i++) {
                story.tell(acdStart("r" + i, 100 + i));
            }
            // When
            story.tell(acdStart("s", 300)).tell(acdStart("t", 301));
            // Then
            assertThat(story.state().queueSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(QueueSession::id)
                    .startsWith("q3", "r3")
                    .endsWith("s", "t");
        }

        @Test
        void shouldPushOutWhatWasLeftAndNotWhereItWaits() {
            // Given
            story.tell(acdStart("q", 0));
            for (int i = 1; i < MAX_SESSIONS; i++) {
                story.tell(acdEnd("r" + i, i, Exit.OTHER, null));
            }
            // When
            story.tell(acdStart("s", 100));
            // Then
            assertThat(story.state().queueSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(QueueSession::id)
                    .startsWith("q", "r2");
        }

        @Test
        void shouldPushOutNothingForAQueueThatIsKnown() {
            // Given
            for (int i = 0; i < MAX_SESSIONS; i++) {
                story.tell(acdStart("q" + i, i));
            }
            // When
            story.tell(acdEnd("q7", 100, Exit.OTHER, null));
            // Then
            assertThat(story.state().queueSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(QueueSession::id)
                    .startsWith("q0");
        }
    }
}
