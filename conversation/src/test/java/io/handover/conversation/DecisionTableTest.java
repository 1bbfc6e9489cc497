package io.handover.conversation;

import static io.handover.conversation.Story.acdEnd;
import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.customerStart;
import static io.handover.conversation.Story.flowEnd;
import static io.handover.conversation.Story.flowStart;
import static io.handover.conversation.Story.millis;
import static io.handover.conversation.Story.other;
import static io.handover.conversation.Story.sessionlessAcw;
import static io.handover.conversation.Story.sessionlessUserEnd;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.QueueSession.Exit;
import io.handover.conversation.TransferPolicy.AnnounceOn;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision table of {@link ConversationStateMachine}, row by row. Times are seconds; holds are the defaults. */
class DecisionTableTest {

    private final Story story = new Story();

    @Nested
    @DisplayName("Row 1: customer.end ends an open handover at once")
    class Row1 {

        @Test
        void shouldEndWhileAnAgentServes() {
            // Given
            story.receive(userStart("a", 0));
            // When
            story.receive(customerEnd(60));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.CUSTOMER_ENDED);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0", "customer-end #1 @60");
        }

        @ParameterizedTest
        @EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "ENDED")
        void shouldEndFromEveryPhase(Phase phase) {
            // Given
            Story inPhase = Phases.reach(phase);
            // When
            inPhase.receive(customerEnd(60));
            // Then
            assertThat(inPhase.commands()).endsWith("customer-end #1 @60");
            assertThat(inPhase.state().phase()).isEqualTo(Phase.ENDED);
            assertThat(inPhase.state().pending()).isNull();
        }

        @Test
        void shouldEndAtOnceHoweverFarItsClockIsAhead() {
            // Given
            story.receive(userStart("a", 0));
            // When
            story.receiveAt(60, customerEnd(3_600));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0", "customer-end #1 @3600");
        }

        @Test
        void shouldMoveWhatBeganAfterItToTheNextHandover() {
            // Given
            story.receive(userStart("a", 0)).receiveAt(61, userStart("b", 60.9));
            // When
            story.receiveAt(61.2, customerEnd(60));
            // Then
            assertThat(story.commands())
                    .endsWith("agent-updated b #1 @61", "customer-end #1 @61.2", "agent-updated b #2 @61.2");
            assertThat(story.receive(customerEnd(202)).commands()).last().isEqualTo("customer-end #2 @202");
        }

        @Test
        void shouldQuoteTheEventAsEvidence() {
            // When
            story.receive(customerEnd(60, "CLIENT"));
            // Then
            HandoverEnded ended = (HandoverEnded) story.rawCommands().get(0);
            assertThat(ended.userId()).isEqualTo("customer-1");
            assertThat(ended.organizationId()).isEqualTo("organization-1");
            assertThat(ended.occurredAt().toEpochMilli()).isEqualTo(millis(60));
            assertThat(ended.evidence()).singleElement().satisfies(evidence -> {
                assertThat(evidence.topic()).isEqualTo("customer.end");
                assertThat(evidence.disconnectType()).isEqualTo("CLIENT");
            });
        }
    }

    @ParameterizedTest
    @DisplayName("Row 2: customer.end with a transfer is ignored")
    @ValueSource(strings = {"TRANSFER", "CONSULT_TRANSFER", "A_NEW_KIND_OF_TRANSFER", "TAKEOVER"})
    void row2(String disconnectType) {
        // When
        story.receive(customerEnd(60, disconnectType));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.CUSTOMER_TRANSFERRED);
        assertThat(story.commands()).isEmpty();
        assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
    }

    @Nested
    @DisplayName("Row 3: user.start makes the session active, cancels a hold, and announces")
    class Row3 {

        @Test
        void shouldAnnounceTheAgent() {
            // When
            story.receive(userStart("a", 0));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_STARTED);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldCancelTheHold() {
            // Given
            story.receive(userStart("a", 0)).receive(acw("a", 60));
            assertThat(story.state().phase()).isEqualTo(Phase.HELD);
            // When
            story.receive(userStart("b", 69.999)).passUntil(1000);
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0", "agent-updated b #1 @69.999");
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
        }

        @Test
        void shouldNotAnnounceTheSameAgentAgain() {
            // Given
            story.receive(userStart("a", 0)).receive(userEnd("a", 10, "TRANSFER"));
            // When
            story.receive(userStart("a", 20));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldServeOnWhenTheEndOfAnEarlierServiceOfTheSameSessionArrives() {
            // Given
            story.receive(userStart("a", 0))
                    .receive(userEnd("a", 10, "TRANSFER"))
                    .receive(userStart("a", 20));
            // When
            story.receiveAt(21, userEnd("a", 15, "CLIENT", 15, 0)).receiveAt(22, acw("a", 16));
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
            assertThat(story.passUntil(100_000).commands()).hasSize(1);
        }

        @Test
        void shouldAnnounceWhoRemainsWhenTheNewestAgentGoes() {
            // Given
            story.receive(userStart("a", 0)).receive(userStart("b", 50));
            // When
            story.receive(userEnd("b", 80, "CLIENT", 30, 0));
            // Then
            assertThat(story.commands())
                    .containsExactly("agent-updated a #1 @0", "agent-updated b #1 @50", "agent-updated a #1 @80");
            assertThat(story.rawCommands()).extracting(HandoverCommand::reason).endsWith("agent-remains");
            assertThat(story.rawCommands()).extracting(HandoverCommand::id).doesNotHaveDuplicates();
        }

        @Test
        void shouldAnnounceTheSameOfTwoWhoStartedTogether() {
            // When
            Story other = new Story().receive(userStart("b", 10)).receive(userStart("a", 10));
            story.receive(userStart("a", 10)).receive(userStart("b", 10));
            // Then
            assertThat(story.commands()).last().isEqualTo("agent-updated b #1 @10");
            assertThat(other.commands()).last().isEqualTo("agent-updated b #1 @10");
        }

        @Test
        void shouldNotAnnounceAnOlderStart() {
            // Given
            story.receive(userStart("b", 20));
            // When
            story.receiveAt(21, userStart("a", 5));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated b #1 @20");
        }
    }

    @Test
    @DisplayName("Row 4: user.start whose user.end came first is ignored")
    void row4() {
        // Given
        story.receive(userEnd("a", 10, "TRANSFER"));
        // When
        story.receiveAt(11, userStart("a", 5));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.AGENT_START_AFTER_END);
        assertThat(story.commands()).isEmpty();
        assertThat(HandoverFacts.of(story.state()).isServed()).isFalse();
    }

    @Nested
    @DisplayName("Row 5: user.end with a transfer never ends")
    class Row5 {

        @ParameterizedTest
        @ValueSource(strings = {"TRANSFER", "CONFERENCE_TRANSFER", "FORWARD_TRANSFER", "NEWEST_TRANSFER", "TAKEOVER"})
        void shouldNeverEnd(String disconnectType) {
            // Given
            story.receive(userStart("a", 0));
            // When
            story.receive(userEnd("a", 60, disconnectType));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_TRANSFERRED);
            assertThat(story.passUntil(100_000).commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldCancelTheHoldThatItsAcwCaused() {
            // Given
            story.receive(userStart("a", 0)).receive(acw("a", 60));
            // When
            story.receiveAt(61, userEnd("a", 59, "TRANSFER"));
            // Then
            assertThat(story.state().pending()).isNull();
            assertThat(story.passUntil(100_000).commands()).hasSize(1);
        }

        @Test
        void shouldNotRefuteAnAgentWhoLeftAfterwards() {
            // Given
            story.receive(userStart("a", 0)).receive(userStart("b", 20));
            story.receive(userEnd("b", 25, "CLIENT")).receive(acw("b", 26));
            // When
            story.receiveAt(27, userEnd("a", 21, "TRANSFER")).passUntil(100);
            // Then
            assertThat(story.commands()).last().isEqualTo("after-call-work #1 @37");
        }
    }

    @Nested
    @DisplayName("Row 6: user.end of an agent who declined never ends")
    class Row6 {

        @ParameterizedTest
        @ValueSource(strings = {"NO_ANSWER_TRANSFER", "NOT_AVAILABLE_TRANSFER", "DND_TRANSFER", "DND_ENDPOINT"})
        void shouldDetectItByTheDisconnectType(String disconnectType) {
            // Given
            story.receive(userStart("a", 0));
            // When
            story.receive(userEnd("a", 20, disconnectType));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_DECLINED);
            assertThat(story.passUntil(100_000).commands()).hasSize(1);
        }

        @Test
        void shouldDetectItByTheDurations() {
            // Given
            story.receive(userStart("a", 0));
            // When
            story.receive(userEnd("a", 20, "CLIENT", 0, 20));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_DECLINED);
            assertThat(story.passUntil(100_000).commands()).hasSize(1);
        }

        @Test
        void shouldHoldTheEndOfAnAgentWhoLeftWhileItWasOffered() {
            // Given
            story.receive(userStart("a", 0)).receive(userStart("b", 40));
            story.receive(userEnd("a", 50, "CLIENT", 50, 0)).receive(acw("a", 51));
            // When
            story.receive(userEnd("b", 60, "NO_ANSWER_TRANSFER"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_DECLINED);
            assertThat(story.passUntil(179.999).commands()).noneMatch(command -> command.contains("after-call-work"));
            assertThat(story.passUntil(180).commands()).last().isEqualTo("after-call-work #1 @180");
        }

        @Test
        void shouldLeaveTheQueueWaiting() {
            // Given
            story.receive(userStart("a", 0)).receive(userEnd("a", 30, "CLIENT", 30, 0));
            story.receive(acdStart("q", 31)).receive(userStart("b", 40));
            // When
            story.receive(userEnd("b", 55, "NO_ANSWER_TRANSFER")).receive(acw("a", 56));
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.QUEUED);
            assertThat(story.passUntil(100_000).commands()).noneMatch(command -> command.contains("after-call-work"));
        }
    }

    @Test
    @DisplayName("Row 7: user.end while another session is active ends nothing")
    void row7() {
        // Given
        story.receive(userStart("a", 0)).receive(userStart("b", 10));
        // When
        story.receive(userEnd("a", 20, "CLIENT", 20, 0));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT_OTHERS);
        assertThat(story.state().pending()).isNull();
    }

    @Nested
    @DisplayName("Row 8: user.end of the last agent, whose acw arrived before")
    class Row8 {

        @Test
        void shouldEndAfterTheGrace() {
            // Given
            story.receive(userStart("a", 0)).receive(acw("a", 60));
            // When
            story.receiveAt(61, userEnd("a", 59, "CLIENT", 59, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT_WRAPPED_UP);
            assertThat(story.passUntil(100).commands()).last().isEqualTo("after-call-work #1 @63");
        }

        @Test
        void shouldBeHeldWithinTheTransferTimeoutAndThenEnd() {
            // Given
            story.receive(userStart("a", 0))
                    .receive(userEnd("a", 60, "TRANSFER"))
                    .receive(userStart("b", 61));
            // When
            story.receive(userEnd("b", 63, "CLIENT", 2, 0)).receive(acw("b", 64));
            // Then
            assertThat(story.passUntil(69.999).commands()).hasSize(2);
            assertThat(story.passUntil(70).commands()).last().isEqualTo("after-call-work #1 @70");
        }
    }

    @Test
    @DisplayName("Row 9: user.end without acw waits for it, and no longer than the after-call-work timeout")
    void row9() {
        // Given
        story.receive(userStart("a", 0));
        // When
        story.receive(userEnd("a", 60, "CLIENT", 60, 0));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.AGENT_LEFT);
        assertThat(story.passUntil(179.999).commands()).hasSize(1);
        assertThat(story.passUntil(180).commands()).last().isEqualTo("agent-left #1 @180");
    }

    @Nested
    @DisplayName("Row 10: the acw of a transferred or declined session is ignored, however late")
    class Row10 {

        @ParameterizedTest
        @ValueSource(strings = {"TRANSFER", "NO_ANSWER_TRANSFER"})
        void shouldIgnoreIt(String disconnectType) {
            // Given
            story.receive(userStart("a", 0)).receive(userEnd("a", 60, disconnectType));
            // When
            story.receive(acw("a", 86_000));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_OF_TRANSFER);
            assertThat(story.passUntil(100_000).commands()).hasSize(1);
        }

        @Test
        void shouldNotEndTheNextServiceUnderTheSameId() {
            // Given
            story.receive(userStart("a", 0))
                    .receive(userEnd("a", 60, "TRANSFER"))
                    .receive(userStart("a", 100));
            // When
            story.receive(acw("a", 110));
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
            assertThat(story.receive(acw("a", 200)).passUntil(300).commands())
                    .last()
                    .isEqualTo("transfer-timeout #1 @210");
        }

        @Test
        void shouldNotEndTheNextServiceWhoseStartArrivedBeforeTheTransfer() {
            // Given
            story.receive(userStart("a", 0))
                    .receiveAt(10.6, userStart("a", 10.5))
                    .receiveAt(10.8, userEnd("a", 10, "TRANSFER"));
            // When
            story.receive(acw("a", 40)).passUntil(1_000);
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
        }

        @Test
        void shouldNotEndTheNextServiceWhenBothArrivedBeforeTheTransfer() {
            // Given
            story.receive(userStart("a", 0))
                    .receiveAt(10.6, userStart("a", 10.5))
                    .receiveAt(11, acw("a", 10.9));
            // When
            story.receiveAt(11.2, userEnd("a", 10, "TRANSFER")).passUntil(1_000);
            // Then
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldBeIgnoredAfterManyAgentsDeclined() {
            // Given
            story.receive(userStart("a", 0)).receive(userEnd("a", 60, "TRANSFER"));
            for (int i = 0; i < 2 * Sessions.MAX; i++) {
                story.receive(userStart("d" + i, 61 + i)).receive(userEnd("d" + i, 61.5 + i, "NO_ANSWER_TRANSFER"));
            }
            // When
            story.receive(acw("a", 1_000));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_OF_TRANSFER);
            assertThat(story.state().sessions().agents()).hasSize(Sessions.MAX);
        }

        @Test
        void shouldNotEndForAnAgentWhoLeftBeforeTheTransfer() {
            // Given
            story.receive(userStart("a", 0)).receive(userStart("c", 10)).receive(userEnd("c", 19, "CLIENT", 9, 0));
            story.receive(userEnd("a", 22, "TRANSFER"));
            // When
            story.receive(acw("c", 30));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_NOTED);
            assertThat(story.passUntil(100_000).commands())
                    .containsExactly("agent-updated a #1 @0", "agent-updated c #1 @10", "agent-updated a #1 @19");
        }
    }

    @Test
    @DisplayName("Row 11: acw of the last agent who left ends after the grace")
    void row11() {
        // Given
        story.receive(userStart("a", 0)).receive(userEnd("a", 60, "CLIENT", 60, 0));
        // When
        story.receive(acw("a", 90));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP);
        assertThat(story.passUntil(91.999).commands()).hasSize(1);
        assertThat(story.passUntil(92).commands()).last().isEqualTo("after-call-work #1 @92");
        assertThat(((HandoverEnded) story.rawCommands().get(1)).evidence())
                .extracting("topic")
                .containsExactly("user.end", "acw");
    }

    @Nested
    @DisplayName("Row 12: acw while an agent serves or the conversation is queued is noted")
    class Row12 {

        @Test
        void shouldBeNotedWhileAnotherAgentServes() {
            // Given
            story.receive(userStart("a", 0)).receive(userStart("b", 10)).receive(userEnd("a", 20, "CLIENT", 20, 0));
            // When
            story.receive(acw("a", 25));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_NOTED);
            assertThat(story.passUntil(100_000).commands()).hasSize(2);
        }

        @Test
        void shouldBeNotedInAQueue() {
            // Given
            story.receive(userStart("a", 0))
                    .receive(userEnd("a", 20, "CLIENT", 20, 0))
                    .receive(acdStart("q", 21));
            // When
            story.receive(acw("a", 25));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_NOTED);
            assertThat(story.passUntil(100_000).commands()).hasSize(1);
        }

        @Test
        void shouldCountWhenTheOtherAgentIsRefuted() {
            // Given
            story.receive(userStart("a", 0)).receive(userStart("b", 10));
            story.receive(acw("b", 30)).receive(userEnd("b", 29, "CLIENT", 19, 0));
            // When
            story.receive(userEnd("a", 28, "CLIENT", 28, 0)).passUntil(100);
            // Then
            assertThat(story.commands()).last().asString().startsWith("after-call-work #1");
        }
    }

    @Nested
    @DisplayName("Row 13: acw before its user.end is held for the transfer timeout")
    class Row13 {

        @Test
        void shouldEndAtTheDeadline() {
            // Given
            story.receive(userStart("a", 0));
            // When
            story.receive(acw("a", 60));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_HELD);
            assertThat(story.passUntil(69.999).commands()).hasSize(1);
            assertThat(story.passUntil(70).commands()).last().isEqualTo("transfer-timeout #1 @70");
        }

        @Test
        void shouldHoldWithoutAnyStartSeen() {
            // When
            story.receive(acw("a", 60));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.WRAP_UP_HELD);
            assertThat(story.passUntil(70).commands()).containsExactly("transfer-timeout #1 @70");
        }

        @Test
        void shouldNotBeDelayedByOtherEvents() {
            // Given
            story.receive(acw("a", 60));
            // When
            story.receive(other(65)).receive(other(69));
            // Then
            assertThat(story.passUntil(70).commands()).containsExactly("transfer-timeout #1 @70");
        }
    }

    @Nested
    @DisplayName("Row 14: acw without a session, within the timeout of a transfer whose acw is missing")
    class Row14 {

        @Test
        void shouldBeTheAcwOfThatTransfer() {
            // Given
            story.receive(sessionlessUserEnd(60, "TRANSFER"));
            // When
            story.receive(sessionlessAcw(70));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.LEGLESS_WRAP_UP_OF_TRANSFER);
            assertThat(story.passUntil(100_000).commands()).isEmpty();
        }

        @Test
        void shouldMatchOnlyOneAcw() {
            // Given
            story.receive(sessionlessUserEnd(60, "TRANSFER")).receive(sessionlessAcw(65));
            // When
            story.receive(sessionlessAcw(66));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.LEGLESS_WRAP_UP_HELD);
            assertThat(story.passUntil(100).commands()).containsExactly("transfer-timeout #1 @76");
        }
    }

    @Nested
    @DisplayName("Row 15: any other acw without a session is held")
    class Row15 {

        @Test
        void shouldEndAtTheDeadline() {
            // When
            story.receive(sessionlessAcw(60));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.LEGLESS_WRAP_UP_HELD);
            assertThat(story.passUntil(70).commands()).containsExactly("transfer-timeout #1 @70");
        }

        @Test
        void shouldEndByTheUserEnd() {
            // Given
            story.receive(sessionlessAcw(60));
            // When
            story.receiveAt(61, sessionlessUserEnd(59, "CLIENT")).passUntil(63);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @63");
        }

        @Test
        void shouldBeCancelledByATransfer() {
            // Given
            story.receive(sessionlessAcw(60));
            // When
            story.receiveAt(61, sessionlessUserEnd(59, "TRANSFER"));
            // Then
            assertThat(story.passUntil(100_000).commands()).isEmpty();
        }

        @Test
        void shouldBeHeldAfterTheTimeoutOfATransfer() {
            // Given
            story.receive(sessionlessUserEnd(60, "TRANSFER"));
            // When
            story.receive(sessionlessAcw(70.001));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.LEGLESS_WRAP_UP_HELD);
        }
    }

    @Nested
    @DisplayName("Row 16: acd.start waits in a queue, however long")
    class Row16 {

        @Test
        void shouldCancelTheHold() {
            // Given
            story.receive(userStart("a", 0))
                    .receive(userEnd("a", 60, "CLIENT", 60, 0))
                    .receive(acw("a", 61));
            // When
            story.receive(acdStart("q", 62));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.QUEUE_ENTERED);
            assertThat(story.passUntil(3_600).commands()).hasSize(1);
        }

        @Test
        void shouldCountItsEndWhichCameFirst() {
            // Given
            story.receive(acdEnd("q", 10, Exit.ANSWERED, "a"));
            // When
            story.receiveAt(11, acdStart("q", 5));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.STARTED_AFTER_END);
            assertThat(HandoverFacts.of(story.state()).waiting()).isNull();
        }

        @Test
        void shouldBeNotedWhenAnAgentStartedSince() {
            // Given
            story.receive(userStart("a", 10));
            // When
            story.receiveAt(11, acdStart("q", 5));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
        }
    }

    @Nested
    @DisplayName("Row 17: acd.end ANSWERED no longer waits")
    class Row17 {

        @Test
        void shouldStopWaiting() {
            // Given
            story.receive(acdStart("q", 0));
            // When
            story.receive(acdEnd("q", 30, Exit.ANSWERED, "a"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.QUEUE_ANSWERED);
            assertThat(story.state().phase()).isEqualTo(Phase.OPEN);
            assertThat(story.commands()).isEmpty();
        }

        @Test
        void shouldAnnounceOnAnswerIfConfigured() {
            // Given
            Story onAnswer = new Story(policy(AnnounceOn.ANSWER));
            onAnswer.receive(acdStart("q", 0)).receive(userStart("a", 20));
            // When
            onAnswer.receive(acdEnd("q", 30, Exit.ANSWERED, "a"));
            // Then
            assertThat(onAnswer.commands()).containsExactly("agent-updated a #1 @30");
        }

        @Test
        void shouldAnnounceOnAnAnswerThatArrivesBeforeTheStartThatReopens() {
            // Given
            Story onAnswer = new Story(policy(AnnounceOn.ANSWER));
            onAnswer.receive(customerEnd(60)).receiveAt(3_600.6, acdEnd("q", 3_600.5, Exit.ANSWERED, "b"));
            // When
            onAnswer.receiveAt(3_600.8, acdStart("q", 3_600)).receiveAt(3_600.9, userStart("b", 3_600.1));
            // Then
            assertThat(onAnswer.commands()).last().isEqualTo("agent-updated b #2 @3600.8");
        }

        @Test
        void shouldAnnounceOnAnAnswerThatArrivesBeforeTheStartOfTheAgent() {
            // Given
            Story onAnswer = new Story(policy(AnnounceOn.ANSWER));
            onAnswer.receive(customerEnd(60)).receiveAt(3_600.6, acdEnd("q", 3_600.5, Exit.ANSWERED, "b"));
            // When
            onAnswer.receiveAt(3_600.9, userStart("b", 3_600.1));
            // Then
            assertThat(onAnswer.commands()).last().isEqualTo("agent-updated b #2 @3600.9");
        }

        @Test
        void shouldNotAnnounceAnAnswerThatArrivesAfterTheAgentIsGone() {
            // Given
            Story onAnswer = new Story(policy(AnnounceOn.ANSWER));
            onAnswer.receive(userStart("a", 20)).receive(userEnd("a", 31, "TRANSFER"));
            // When
            onAnswer.receiveAt(32, acdEnd("q", 30, Exit.ANSWERED, "a"));
            // Then
            assertThat(onAnswer.commands()).isEmpty();
        }
    }

    @Nested
    @DisplayName("Row 18: acd.end ABANDON is held for the transfer timeout")
    class Row18 {

        @Test
        void shouldEndAtTheDeadline() {
            // Given
            story.receive(acdStart("q", 0));
            // When
            story.receive(acdEnd("q", 60, Exit.ABANDONED, null));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.QUEUE_ABANDONED);
            assertThat(story.passUntil(69.999).commands()).isEmpty();
            assertThat(story.passUntil(70).commands()).containsExactly("queue-abandoned #1 @70");
        }

        @Test
        void shouldNotBeDelayedByTheAgentWhoWasAlerted() {
            // Given
            story.receive(acdStart("q", 0)).receive(userStart("b", 50)).receive(acdEnd("q", 55, Exit.ABANDONED, null));
            // When
            story.receive(userEnd("b", 55.1, "PEER", 0, 5.1)).passUntil(1_000);
            // Then
            assertThat(story.commands()).last().isEqualTo("queue-abandoned #1 @65.1");
        }

        @Test
        void shouldBeNotedWhileAnAgentServes() {
            // Given
            story.receive(userStart("a", 0));
            // When
            story.receive(acdEnd("q", 60, Exit.ABANDONED, null));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.QUEUE_LEFT);
            assertThat(story.passUntil(1_000).commands()).hasSize(1);
        }
    }

    @Nested
    @DisplayName("Row 19: everything else is noted")
    class Row19 {

        @Test
        void shouldNoteAFlow() {
            // When
            story.receive(flowStart(0)).receive(other(1));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.NOTED);
            assertThat(story.passUntil(100_000).commands()).isEmpty();
        }

        @Test
        void shouldNoteAQueueLeftForAFlow() {
            // Given
            story.receive(acdStart("q", 0));
            // When
            story.receive(acdEnd("q", 60, Exit.TRANSFERRED, null));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.MOVED_ON);
            assertThat(story.passUntil(100_000).commands()).isEmpty();
        }
    }

    @Nested
    @DisplayName("Row 20: a start after the end opens the next handover")
    class Row20 {

        @Test
        void shouldOpenASecondHandoverThatEndsAgain() {
            // Given
            story.receive(userStart("a", 0)).receive(customerEnd(60));
            // When
            story.receive(userStart("a", 3_600));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_START);
            story.receive(userEnd("a", 3_700, "CLIENT", 100, 0))
                    .receive(acw("a", 3_710))
                    .passUntil(4_000);
            assertThat(story.commands())
                    .containsExactly(
                            "agent-updated a #1 @0",
                            "customer-end #1 @60",
                            "agent-updated a #2 @3600",
                            "after-call-work #2 @3712");
        }

        @Test
        void shouldOpenByEveryKindOfStart() {
            for (ConversationEvent start :
                    List.of(customerStart(70), userStart("b", 70), acdStart("q", 70), flowStart(70))) {
                // Given
                Story ended = new Story().receive(customerEnd(60));
                // When
                ended.receive(start);
                // Then
                assertThat(ended.outcome()).isEqualTo(Outcome.REOPENED_BY_START);
                assertThat(ended.state().cycle().number()).isEqualTo(2);
            }
        }

        @Test
        void shouldOpenForACustomerWhoCameBackWhileTheEndWasHeld() {
            // Given
            story.receive(userStart("a", 0)).receive(userEnd("a", 60, "CLIENT")).receive(acw("a", 60.5));
            story.receive(customerStart(61));
            // When
            story.passUntil(70);
            // Then
            assertThat(story.state().cycle().number()).isEqualTo(2);
            assertThat(story.state().isOpen()).isTrue();
            // The customer leaves before any agent was asked.
            story.receive(customerEnd(80));
            assertThat(story.commands())
                    .containsExactly("agent-updated a #1 @0", "after-call-work #1 @62.5", "customer-end #2 @80");
        }

        @Test
        void shouldOpenForACustomerWhoCameBackBeforeTheEndOfTheOldSessionArrived() {
            // Given
            story.receive(userStart("a", 0)).receive(customerStart(61));
            // When
            story.receiveAt(62, customerEnd(60)).receive(customerEnd(80));
            // Then
            assertThat(story.commands())
                    .containsExactly("agent-updated a #1 @0", "customer-end #1 @62", "customer-end #2 @80");
        }

        @Test
        void shouldNotOpenByAStartBeforeTheEnd() {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receiveAt(61, acdStart("q", 59)).receiveAt(61, userStart("b", 59));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("customer-end #1 @60");
        }

        @Test
        void shouldReopenAfterAnEndThatWasConcludedTooEarly() {
            // Given
            story.receive(userStart("a", 0)).receive(acw("a", 60)).passUntil(70);
            assertThat(story.commands()).last().isEqualTo("transfer-timeout #1 @70");
            // When
            story.receiveAt(80, userStart("b", 58));
            // Then
            assertThat(story.commands()).last().isEqualTo("agent-updated b #2 @80");
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
        }

        @Test
        void shouldEndAtOnceAfterAnEarlyCustomerEnd() {
            // Given
            story.receive(customerEnd(60)).receiveAt(3_601.1, customerEnd(3_601));
            // When
            story.receiveAt(3_601.3, userStart("b", 3_600));
            // Then
            assertThat(story.commands())
                    .containsExactly("customer-end #1 @60", "agent-updated b #2 @3601.3", "customer-end #2 @3601.3");
        }

        @Test
        void shouldEndTheHandoverBetweenWhenALaterStartArrivedFirst() {
            // Given
            story.receive(acw("a", 60)).passUntil(70);
            story.receiveAt(3_601, customerEnd(3_600.5)).receiveAt(3_601.1, userStart("c", 3_600.9));
            // When
            story.receiveAt(3_601.2, userStart("b", 3_600.1));
            // Then
            assertThat(story.commands())
                    .containsExactly(
                            "transfer-timeout #1 @70",
                            "agent-updated c #2 @3601.1",
                            "customer-end #2 @3601.2",
                            "agent-updated c #3 @3601.2");
        }

        @Test
        void shouldNotEndTheNextHandoverByACustomerEndFromAClockThatIsAhead() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receiveAt(75, customerEnd(80_000));
            // When
            story.receive(userStart("b", 3_600));
            // Then
            assertThat(story.commands()).last().isEqualTo("agent-updated b #2 @3600");
        }

        @Test
        void shouldNotReopenForALateStartBeforeTheCustomersEnd() {
            // Given
            story.receive(userStart("a", 0)).receive(acw("a", 60)).passUntil(70).receive(customerEnd(75));
            // When
            story.receiveAt(600, userStart("b", 65)).receiveAt(601, flowStart(66));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.LATE_START);
            assertThat(story.commands()).hasSize(2);
        }

        @Test
        void shouldNotEndTheNextHandoverByEventsOfThePrevious() {
            // Given
            story.receive(userStart("a", 0)).receive(acw("a", 60)).passUntil(70);
            story.receive(userStart("b", 100));
            // When
            story.receiveAt(101, customerEnd(75))
                    .receiveAt(102, userEnd("a", 59, "CLIENT", 59, 0))
                    .receiveAt(103, acw("x", 65));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
            assertThat(story.passUntil(100_000).commands()).last().isEqualTo("agent-updated b #2 @100");
        }
    }

    @Nested
    @DisplayName("Row 21: an end of a session that began after the end opens the next handover")
    class Row21 {

        @Test
        void shouldDetectItByTheDurations() {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receive(userEnd("b", 200, "CLIENT", 100, 5));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
            assertThat(story.passUntil(1_000).commands()).last().isEqualTo("agent-left #2 @320");
        }

        @Test
        void shouldNotOpenWhenItBeganBefore() {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receive(userEnd("b", 200, "CLIENT", 150, 5));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldEndAgainForAnotherSessionOfTheCustomer() {
            // Given
            story.receive(customerEnd(60, "PEER", "session-1", 50));
            // When
            story.receive(customerEnd(5_000, "PEER", "session-2", 600));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
            assertThat(story.commands()).containsExactly("customer-end #1 @60", "customer-end #2 @5000");
        }

        @Test
        void shouldEndAgainForTheCustomerAfterAgentsEndedTheLastOne() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(customerEnd(75, "PEER", "s1", 0));
            // When
            story.receive(acw("b", 3_600)).receive(customerEnd(3_700, "PEER", "s2", 200));
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "customer-end #2 @3700");
        }

        @Test
        void shouldDetectItWhenTheAcwArrivedBeforeTheEnd() {
            // Given
            story.receive(customerEnd(60)).receiveAt(3_601, acw("b", 3_600.9));
            // When
            story.receiveAt(3_601.2, userEnd("b", 3_600.8, "CLIENT", 300, 0)).passUntil(4_000);
            // Then
            assertThat(story.commands()).last().isEqualTo("after-call-work #2 @3603.2");
        }

        @Test
        void shouldDetectItForASessionIdThatWasUsedBefore() {
            // Given
            story.receive(userEnd("a", 50, "CLIENT", 40, 0))
                    .receive(acw("a", 55))
                    .passUntil(60);
            story.receive(acdStart("q", 3_600)).receive(acdEnd("q", 3_610, Exit.ANSWERED, "a"));
            // When
            story.receive(userEnd("a", 3_700, "CLIENT", 80, 10))
                    .receive(acw("a", 3_705))
                    .passUntil(4_000);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @57", "after-call-work #2 @3707");
        }

        @Test
        void shouldNotOpenByALateAcwOfTheOldDataAction() {
            // Given
            story.receive(sessionlessUserEnd(60, "CLIENT")).passUntil(180);
            // When
            story.receive(sessionlessAcw(200)).passUntil(1_000);
            // Then
            assertThat(story.commands()).containsExactly("agent-left #1 @180");
        }

        @Test
        void shouldEndSoonAgainForTheOldDataActionWhenNoEventOfTheLastHandoverIsMissing() {
            // Given
            story.receive(sessionlessUserEnd(60, "CLIENT"))
                    .receive(sessionlessAcw(61))
                    .passUntil(63);
            // When
            story.receive(sessionlessUserEnd(100, "CLIENT"))
                    .receive(sessionlessAcw(101))
                    .passUntil(200);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @63", "after-call-work #2 @103");
        }

        @Test
        void shouldEndAgainForTheOldDataAction() {
            // Given
            story.receive(sessionlessUserEnd(0, "CLIENT"))
                    .receive(sessionlessAcw(10))
                    .passUntil(20);
            // When
            story.receive(sessionlessUserEnd(3_600, "CLIENT"))
                    .receive(sessionlessAcw(3_610))
                    .passUntil(4_000);
            // Then
            assertThat(story.commands()).containsExactly("after-call-work #1 @12", "after-call-work #2 @3612");
        }
    }

    @Nested
    @DisplayName("Row 22: everything else after an end is ignored")
    class Row22 {

        @Test
        void shouldIgnoreTheCustomersEndAfterTheAgents() {
            // Given
            story.receive(userStart("a", 0))
                    .receive(userEnd("a", 60, "CLIENT", 60, 0))
                    .receive(acw("a", 61))
                    .passUntil(63);
            // When
            story.receive(customerEnd(64));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0", "after-call-work #1 @63");
        }

        @Test
        void shouldIgnoreTheAgentsEventsAfterTheCustomers() {
            // Given
            story.receive(userStart("a", 0)).receive(customerEnd(60));
            // When
            story.receive(userEnd("a", 60.1, "PEER", 60, 0)).receive(acw("a", 70));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.passUntil(100_000).commands()).hasSize(2);
        }

        @Test
        void shouldNotReopenByTheStartOfASessionWhoseEndArrived() {
            // Given
            story.receive(userStart("a", 0)).receive(acw("a", 60)).passUntil(70);
            story.receive(userEnd("b", 71, "CLIENT", 30, 0));
            // When
            story.receiveAt(72, userStart("b", 41));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.passUntil(100_000).commands()).hasSize(2);
        }
    }

    @Test
    @DisplayName("Row 23: a known fingerprint is ignored")
    void row23() {
        // Given
        story.receive(userStart("a", 0));
        ConversationState before = story.state();
        // When
        story.receiveAt(5, userStart("a", 0));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(story.state()).isSameAs(before);
        assertThat(story.commands()).hasSize(1);
    }

    @Test
    @DisplayName("Row 24: what is older than the retention is ignored")
    void row24() {
        // Given
        double retention = TransferPolicy.DEFAULT.retentionMs() / 1000.0;
        // When
        story.receiveAt(retention, customerEnd(0));
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.TOO_OLD);
        assertThat(story.state()).isSameAs(ConversationState.NEW);
        story.receiveAt(retention, customerEnd(0.001));
        assertThat(story.outcome()).isEqualTo(Outcome.CUSTOMER_ENDED);
    }

    @Test
    @DisplayName("Row 25: a deadline that the state no longer holds is a no-op")
    void row25() {
        // Given
        story.receive(acw("a", 60)).receive(userStart("b", 65));
        ConversationState before = story.state();
        // When
        story.fire();
        // Then
        assertThat(story.outcome()).isEqualTo(Outcome.DEADLINE_STALE);
        assertThat(story.state()).isSameAs(before);
    }

    @Nested
    @DisplayName("Row 27: customer.end ends nothing if it may not end a handover")
    class Row27 {

        @Test
        void shouldBeNoted() {
            // Given
            story.under(Policies.AGENTS_ONLY).receive(userStart("a", 0));
            // When
            story.receive(customerEnd(60));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.CUSTOMER_END_NOTED);
            assertThat(story.state().phase()).isEqualTo(Phase.SERVED);
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0");
        }

        @Test
        void shouldEndNothingOnceALaterOneMay() {
            // Given
            story.under(Policies.AGENTS_ONLY).receive(userStart("a", 0)).receive(customerEnd(60));
            // When
            story.under(TransferPolicy.DEFAULT).receive(other(61));
            // Then
            assertThat(story.commands()).containsExactly("agent-updated a #1 @0");
        }
    }

    @Nested
    @DisplayName("Row 36: only customer.end may end the handover that the last one left")
    class Row36 {

        static Stream<List<ConversationEvent>> departures() {
            return Stream.of(
                    List.of(userEnd("a", 60, "CLIENT")),
                    List.of(userEnd("a", 60, "CLIENT"), acw("a", 61)),
                    List.of(acw("a", 60), userEnd("a", 61, "CLIENT")),
                    List.of(acw("a", 60)),
                    List.of(userEnd("b", 61, "CLIENT"), userEnd("a", 60, "CLIENT")),
                    List.of(userEnd("b", 61, "CLIENT"), acw("a", 60)),
                    List.of(acdEnd("q", 60, Exit.ABANDONED, null)),
                    List.of(flowEnd(60, FlowSession.Exit.DISCONNECTED)));
        }

        @ParameterizedTest
        @MethodSource("departures")
        void shouldWaitForTheCustomersEnd(List<ConversationEvent> departures) {
            // Given
            story.under(Policies.CUSTOMER_ONLY);
            // When
            departures.forEach(story::receive);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.CUSTOMER_AWAITED);
            assertThat(story.passUntil(100_000).commands()).isEmpty();
        }
    }

    @Nested
    @DisplayName("Policy")
    class Policy {

        @Test
        void shouldEndByTheCustomerAlone() {
            // Given
            Story strict = new Story(new TransferPolicy(
                    10_000, 120_000, 2_000, true, false, AnnounceOn.START, 4 * 86_400_000L, 0, ProfilePolicy.DEFAULT));
            strict.receive(userStart("a", 0))
                    .receive(userEnd("a", 60, "CLIENT", 60, 0))
                    .receive(acw("a", 61));
            // When
            strict.passUntil(10_000).receive(customerEnd(10_001));
            // Then
            assertThat(strict.commands()).containsExactly("agent-updated a #1 @0", "customer-end #1 @10001");
        }

        @Test
        void shouldEndByTheAgentsAlone() {
            // Given
            Story agents = new Story(new TransferPolicy(
                    10_000, 120_000, 2_000, false, true, AnnounceOn.START, 4 * 86_400_000L, 0, ProfilePolicy.DEFAULT));
            agents.receive(userStart("a", 0)).receive(customerEnd(59));
            // When
            agents.receive(userEnd("a", 60, "CLIENT", 60, 0))
                    .receive(acw("a", 61))
                    .passUntil(63);
            // Then
            assertThat(agents.commands()).containsExactly("agent-updated a #1 @0", "after-call-work #1 @63");
        }

        @Test
        void shouldKeepTheGraceWhenATimeoutIsShorter() {
            // Given
            Story hasty = new Story(new TransferPolicy(
                    0, 0, 2_000, true, true, AnnounceOn.START, 4 * 86_400_000L, 0, ProfilePolicy.DEFAULT));
            hasty.receive(userStart("a", 0)).receive(userEnd("a", 60, "CLIENT", 60, 0));
            // When
            hasty.receiveAt(61.9, userStart("b", 59.9)).passUntil(1_000);
            // Then
            assertThat(hasty.commands()).containsExactly("agent-updated a #1 @0", "agent-updated b #1 @61.9");
        }

        @Test
        void shouldEndAnIdleHandoverOnlyOnceNothingCameForThatLong() {
            // Given
            Story idle = new Story(new TransferPolicy(
                    10_000,
                    120_000,
                    2_000,
                    true,
                    true,
                    AnnounceOn.START,
                    4 * 86_400_000L,
                    600_000,
                    ProfilePolicy.DEFAULT));
            idle.receive(userStart("a", 0)).receive(other(300));
            // When
            idle.passUntil(899.999);
            // Then
            assertThat(idle.commands()).hasSize(1);
            assertThat(idle.passUntil(900).commands()).last().isEqualTo("idle #1 @900");
        }
    }

    private static TransferPolicy policy(AnnounceOn announceOn) {
        return new TransferPolicy(
                10_000, 120_000, 2_000, true, true, announceOn, 4 * 86_400_000L, 0, ProfilePolicy.DEFAULT);
    }
}
