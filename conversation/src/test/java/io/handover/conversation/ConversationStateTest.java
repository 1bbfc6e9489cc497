package io.handover.conversation;

import static io.handover.conversation.Sessions.MAX;
import static io.handover.conversation.Story.acdEnd;
import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.flowEnd;
import static io.handover.conversation.Story.flowStart;
import static io.handover.conversation.Story.other;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.conversation.ConversationEvent.Details;
import io.handover.conversation.QueueSession.Exit;
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

    /** So who follows the states sees at once that nothing else has changed. */
    @Test
    void shouldKeepEverythingButTheFingerprintsAfterAnEventThatIsOnlyNoted() {
        // Given
        ConversationState held = story.receive(userStart("a", 0))
                .receive(userEnd("a", 60, "PEER"))
                .state();
        // When
        ConversationState noted = story.receive(other(61)).state();
        // Then
        assertThat(held.pending()).isNotNull();
        assertThat(noted.fingerprints().size()).isEqualTo(held.fingerprints().size() + 1);
        assertThat(noted.cycle()).isSameAs(held.cycle());
        assertThat(noted.sessions()).isSameAs(held.sessions());
        assertThat(noted.customer()).isSameAs(held.customer());
    }

    @Test
    void shouldNotBeEndedWithoutAnEnd() {
        // When / Then
        assertThatThrownBy(() -> new Cycle(1, false, null, 0, null, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotBeInAHandoverBeforeTheFirst() {
        // When / Then
        assertThatThrownBy(() -> new Cycle(0, true, null, 0, null, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Nested
    @DisplayName("More agent sessions than are kept")
    class FloodOfAgents {

        @Test
        void shouldDropAnAgentWhoIsGone() {
            // Given
            story.receive(userStart("a", 0));
            for (int i = 1; i < MAX; i++) {
                story.receive(userEnd("b" + i, i, "TRANSFER"));
            }
            // When
            story.receive(userStart("c", 100));
            // Then
            assertThat(story.state().sessions().agents())
                    .hasSize(MAX)
                    .extracting(AgentSession::id)
                    .startsWith("a", "b2");
        }

        @Test
        void shouldDropTheOldestWhenAllAgentsServe() {
            // Given
            for (int i = 0; i < MAX; i++) {
                story.receive(userStart("a" + i, i));
            }
            // When
            story.receive(userStart("b", 100));
            // Then
            assertThat(story.state().sessions().agents())
                    .hasSize(MAX)
                    .extracting(AgentSession::id)
                    .startsWith("a1")
                    .endsWith("b");
        }

        @Test
        void shouldDropNoSessionForAKnownAgent() {
            // Given
            for (int i = 0; i < MAX; i++) {
                story.receive(userStart("a" + i, i));
            }
            // When
            story.receive(acw("a7", 100));
            // Then
            assertThat(story.state().sessions().agents())
                    .hasSize(MAX)
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
            story.receive(acdEnd("q1", 0, Exit.TRANSFERRED, null))
                    .receive(acdStart("q2", 1))
                    .receive(customerEnd(10));
            story.receive(acdStart("q3", 100)).receive(acdEnd("q3", 101, Exit.TRANSFERRED, null));
            for (int i = 3; i < MAX; i++) {
                story.receive(acdStart("r" + i, 100 + i));
            }
            // When
            story.receive(acdStart("s", 300)).receive(acdStart("t", 301));
            // Then
            assertThat(story.state().sessions().queues())
                    .hasSize(MAX)
                    .extracting(QueueSession::id)
                    .startsWith("q3", "r3")
                    .endsWith("s", "t");
        }

        @Test
        void shouldDropAQueueThatWasLeft() {
            // Given
            story.receive(acdStart("q", 0));
            for (int i = 1; i < MAX; i++) {
                story.receive(acdEnd("r" + i, i, Exit.TRANSFERRED, null));
            }
            // When
            story.receive(acdStart("s", 100));
            // Then
            assertThat(story.state().sessions().queues())
                    .hasSize(MAX)
                    .extracting(QueueSession::id)
                    .startsWith("q", "r2");
        }

        @Test
        void shouldDropNoSessionForAKnownQueue() {
            // Given
            for (int i = 0; i < MAX; i++) {
                story.receive(acdStart("q" + i, i));
            }
            // When
            story.receive(acdEnd("q7", 100, Exit.TRANSFERRED, null));
            // Then
            assertThat(story.state().sessions().queues())
                    .hasSize(MAX)
                    .extracting(QueueSession::id)
                    .startsWith("q0");
        }
    }

    @Nested
    @DisplayName("More flow sessions than are kept")
    class FloodOfFlows {

        @Test
        void shouldDropTheOldestWhenAllFlowsRun() {
            // Given
            for (int i = 0; i < MAX; i++) {
                story.receive(flowStart("f" + i, i, true));
            }
            // When
            story.receive(flowStart("g", 100, true));
            // Then
            assertThat(story.state().sessions().flows())
                    .hasSize(MAX)
                    .extracting(FlowSession::id)
                    .startsWith("f1")
                    .endsWith("g");
        }

        @Test
        void shouldDropAFlowThatEnded() {
            // Given
            story.receive(flowStart("f", 0, true));
            for (int i = 1; i < MAX; i++) {
                story.receive(flowEnd("g" + i, i, true, FlowSession.Exit.TRANSFERRED));
            }
            // When
            story.receive(flowStart("h", 100, true));
            // Then
            assertThat(story.state().sessions().flows())
                    .hasSize(MAX)
                    .extracting(FlowSession::id)
                    .startsWith("f", "g2");
        }
    }
}
