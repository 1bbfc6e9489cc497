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

/** The state of a conversation, and what it drops when it is full. */
class ConversationStateTest {

    private final Story story = new Story();

    @Test
    void shouldBeNewUntilTheFirstEvent() {
        // When / Then
        assertThat(ConversationState.NEW.isNew()).isTrue();
        assertThat(story.receive(acdStart("q", 0)).state().isNew()).isFalse();
    }

    @Test
    void shouldApplyAnEventThatHasNoFingerprint() {
        // Given
        Details known = customerEnd(60).details();
        // When
        story.receive(new CustomerEnded(new Details(known.evidence(), null, null, null, null), 0));
        // Then
        assertThat(story.commands()).containsExactly("customer-end #1 @60");
        assertThat(story.state().fingerprints()).isEqualTo(Fingerprints.NONE);
    }

    @Test
    void shouldNoteAStartWithoutAnAgentSession() {
        // When
        story.receive(new AgentStarted(userStart("a", 0).details(), null, "a", true, false));
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
    @DisplayName("More agent sessions than are kept")
    class FloodOfAgents {

        @Test
        void shouldDropAnAgentWhoIsGone() {
            // Given
            story.receive(userStart("a", 0));
            for (int i = 1; i < MAX_SESSIONS; i++) {
                story.receive(userEnd("b" + i, i, "TRANSFER"));
            }
            // When
            story.receive(userStart("c", 100));
            // Then
            assertThat(story.state().agentSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(AgentSession::id)
                    .startsWith("a", "b2");
        }

        @Test
        void shouldDropTheOldestWhenAllAgentsServe() {
            // Given
            for (int i = 0; i < MAX_SESSIONS; i++) {
                story.receive(userStart("a" + i, i));
            }
            // When
            story.receive(userStart("b", 100));
            // Then
            assertThat(story.state().agentSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(AgentSession::id)
                    .startsWith("a1")
                    .endsWith("b");
        }

        @Test
        void shouldDropNoSessionForAKnownAgent() {
            // Given
            for (int i = 0; i < MAX_SESSIONS; i++) {
                story.receive(userStart("a" + i, i));
            }
            // When
            story.receive(acw("a7", 100));
            // Then
            assertThat(story.state().agentSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(AgentSession::id)
                    .startsWith("a0");
        }
    }

    @Nested
    @DisplayName("More queue sessions than are kept")
    class FloodOfQueues {

        @Test
        void shouldDropASessionOfAnEarlierHandover() {
            // Given
            story.receive(acdEnd("q1", 0, Exit.OTHER, null))
                    .receive(acdStart("q2", 1))
                    .receive(customerEnd(10));
            story.receive(acdStart("q3", 100)).receive(acdEnd("q3", 101, Exit.OTHER, null));
            for (int i = 3; i < MAX_SESSIONS; i++) {
                story.receive(acdStart("r" + i, 100 + i));
            }
            // When
            story.receive(acdStart("s", 300)).receive(acdStart("t", 301));
            // Then
            assertThat(story.state().queueSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(QueueSession::id)
                    .startsWith("q3", "r3")
                    .endsWith("s", "t");
        }

        @Test
        void shouldDropAQueueThatWasLeft() {
            // Given
            story.receive(acdStart("q", 0));
            for (int i = 1; i < MAX_SESSIONS; i++) {
                story.receive(acdEnd("r" + i, i, Exit.OTHER, null));
            }
            // When
            story.receive(acdStart("s", 100));
            // Then
            assertThat(story.state().queueSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(QueueSession::id)
                    .startsWith("q", "r2");
        }

        @Test
        void shouldDropNoSessionForAKnownQueue() {
            // Given
            for (int i = 0; i < MAX_SESSIONS; i++) {
                story.receive(acdStart("q" + i, i));
            }
            // When
            story.receive(acdEnd("q7", 100, Exit.OTHER, null));
            // Then
            assertThat(story.state().queueSessions())
                    .hasSize(MAX_SESSIONS)
                    .extracting(QueueSession::id)
                    .startsWith("q0");
        }
    }
}
