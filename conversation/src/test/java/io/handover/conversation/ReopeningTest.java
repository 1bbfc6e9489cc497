package io.handover.conversation;

import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.acw;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.customerStart;
import static io.handover.conversation.Story.flowStart;
import static io.handover.conversation.Story.other;
import static io.handover.conversation.Story.replayed;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 20 to 22 in detail: after an end, an event belongs to the next handover or is late. */
class ReopeningTest {

    private final Story story = new Story();

    @Nested
    @DisplayName("A start")
    class ByStart {

        static Stream<ConversationEvent> notAfterTheEnd() {
            return Stream.of(59.0, 60.0)
                    .flatMap(time ->
                            Stream.of(customerStart(time), userStart("a", time), acdStart("q", time), flowStart(time)));
        }

        @ParameterizedTest
        @MethodSource("notAfterTheEnd")
        void shouldBeLateIfNotAfterTheCustomersEnd(ConversationEvent start) {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receiveAt(61, start);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.state().cycle().number()).isEqualTo(1);
        }

        @ParameterizedTest
        @CsvSource({"50, AFTER_END", "55, REOPENED_BY_START"})
        void shouldRefuteTheAgentsEndIfTheAgentIsNotSeenToHaveGoneSince(double started, Outcome outcome) {
            // Given
            story.receive(userStart("a", 0)).receive(userEnd("a", 50, "CLIENT", 50, 0));
            story.receive(acw("b", 60)).passUntil(70);
            // When
            story.receiveAt(71, userStart("a", started));
            // Then
            assertThat(story.outcome()).isEqualTo(outcome);
        }

        @Test
        void shouldReopenAfterAnIdleHandoverEnded() {
            // Given
            story.under(Policies.IDLE).receive(userStart("a", 0)).passUntil(600);
            // When
            story.receiveAt(601, userStart("a", 500));
            // Then
            assertThat(story.commands())
                    .containsExactly("agent-updated a #1 @0", "idle #1 @600", "agent-updated a #2 @601");
        }

        @Test
        void shouldNotRefuteTheAgentsEndInAReplayOfAnArchive() {
            // Given
            story.receive(userStart("a", 0)).receive(acw("a", 60)).passUntil(70);
            // When
            story.receiveAt(86_400, replayed(userStart("b", 30)));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.state().cycle().number()).isEqualTo(1);
        }

        @Test
        void shouldReopenInAReplayOfAnArchiveIfAfterTheEnd() {
            // Given
            story.receive(userStart("a", 0)).receive(acw("a", 60)).passUntil(70);
            // When
            story.receiveAt(86_400, replayed(userStart("b", 61)));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_START);
            assertThat(story.commands()).endsWith("agent-updated b #2 @86400");
        }

        @Test
        void shouldNotServeTheNextHandoverIfReplayedAndNotAfterTheEnd() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(customerStart(100));
            // When
            story.receiveAt(86_400, replayed(userStart("b", 30)));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70");
        }
    }

    @Nested
    @DisplayName("A start after an early customer end")
    class EarlyCustomerEnd {

        static Stream<ConversationEvent> starts() {
            return Stream.of(3_600.0, 3_601.0)
                    .flatMap(time ->
                            Stream.of(customerStart(time), userStart("b", time), acdStart("q", time), flowStart(time)));
        }

        @ParameterizedTest
        @MethodSource("starts")
        void shouldOpenAndEndTheHandoverWithinTheGrace(ConversationEvent start) {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(customerEnd(3_601));
            // When
            story.receiveAt(3_603, start);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.OPENED_AND_ENDED);
            assertThat(story.commands()).endsWith("customer-end #2 @3603");
        }

        @ParameterizedTest
        @MethodSource("starts")
        void shouldBeLateAfterTheGrace(ConversationEvent start) {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(customerEnd(3_601));
            // When
            story.receiveAt(3_603.001, start);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.LATE_START);
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70");
        }

        @Test
        void shouldNotBeLateIfAfterTheCustomersEnd() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(customerEnd(3_601));
            // When
            story.receive(userStart("b", 3_700)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "agent-updated b #2 @3700");
        }

        @Test
        void shouldUseTheNewestCustomerEnd() {
            // Given
            story.receive(acw("a", 60)).passUntil(70);
            story.receive(customerEnd(3_601)).receiveAt(3_601.5, customerEnd(3_599));
            // When
            story.receiveAt(3_602, userStart("b", 3_600));
            // Then
            assertThat(story.commands())
                    .containsExactly("transfer-timeout #1 @70", "agent-updated b #2 @3602", "customer-end #2 @3602");
        }

        @Test
        void shouldReplaceAnOlderCustomerEnd() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(customerEnd(75)).receive(customerEnd(3_601));
            // When
            story.receiveAt(3_602, userStart("b", 3_600));
            // Then
            assertThat(story.commands()).endsWith("customer-end #2 @3602");
        }

        @ParameterizedTest
        @CsvSource({"77, customer-end #2 @77", "77.001, agent-updated b #2 @75.5"})
        void shouldIgnoreACustomerEndThatIsAheadByMoreThanTheGrace(double ended, String last) {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receiveAt(75, customerEnd(ended));
            // When
            story.receiveAt(75.5, userStart("b", 75.2));
            // Then
            assertThat(story.commands()).endsWith(last);
        }

        @Test
        void shouldServeOnIfTheCustomersEndWasATransfer() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receiveAt(3_601, customerEnd(3_600.5, "TRANSFER"));
            // When
            story.receiveAt(3_601.2, userStart("b", 3_600)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "agent-updated b #2 @3601.2");
        }

        @Test
        void shouldServeOnWhereTheCustomersEndEndsNothing() {
            // Given
            story.under(Policies.AGENTS_ONLY)
                    .receive(acw("a", 60))
                    .passUntil(70)
                    .receive(customerEnd(75));
            // When
            story.receiveAt(75.5, userStart("b", 65)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "agent-updated b #2 @75.5");
        }

        @Test
        void shouldReopenHoweverLateWhereTheCustomersEndEndsNothing() {
            // Given
            story.under(Policies.AGENTS_ONLY)
                    .receive(acw("a", 60))
                    .passUntil(70)
                    .receive(customerEnd(75));
            // When
            story.receiveAt(600, userStart("b", 65)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "agent-updated b #2 @600");
        }

        @Test
        void shouldReopenHoweverLateOnceTheCustomersEndEndsNothingAnyMore() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(customerEnd(75)).under(Policies.AGENTS_ONLY);
            // When
            story.receiveAt(600, userStart("b", 65)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "agent-updated b #2 @600");
        }

        @Test
        void shouldServeOnInTheOpenHandoverWhereTheCustomersEndEndsNothing() {
            // Given
            story.under(Policies.AGENTS_ONLY)
                    .receive(acw("a", 60))
                    .passUntil(70)
                    .receiveAt(3_601, customerEnd(3_600.5));
            story.receiveAt(3_601.1, userStart("c", 3_600.9));
            // When
            story.receiveAt(3_601.2, userStart("b", 3_600.1)).passUntil(100_000);
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "agent-updated c #2 @3601.1");
        }

        static Stream<ConversationEvent> startsBetween() {
            return Stream.of(userStart("b", 3_600.1), acdStart("q", 3_600.1), flowStart(3_600.1));
        }

        @ParameterizedTest
        @MethodSource("startsBetween")
        void shouldEndTheHandoverBetweenWithinTheGrace(ConversationEvent start) {
            // Given
            story.receive(acw("a", 60)).passUntil(70);
            story.receiveAt(3_601, customerEnd(3_600.5)).receiveAt(3_601.1, userStart("c", 3_600.9));
            // When
            story.receiveAt(3_603, start);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.OPENED_AND_ENDED);
            assertThat(story.commands()).endsWith("agent-updated c #3 @3603");
        }

        @ParameterizedTest
        @MethodSource("startsBetween")
        void shouldIgnoreTheHandoverBetweenAfterTheGrace(ConversationEvent start) {
            // Given
            story.receive(acw("a", 60)).passUntil(70);
            story.receiveAt(3_601, customerEnd(3_600.5)).receiveAt(3_601.1, userStart("c", 3_600.9));
            // When
            story.receiveAt(3_603.001, start);
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
            assertThat(story.commands()).endsWith("agent-updated c #2 @3601.1");
        }

        @Test
        void shouldEndTheHandoverBetweenByTheNewestCustomerEnd() {
            // Given
            story.receive(acw("a", 60)).passUntil(70);
            story.receiveAt(3_601, customerEnd(3_600.5)).receiveAt(3_601.1, userStart("c", 3_600.9));
            story.receiveAt(3_601.2, customerEnd(3_600.2));
            // When
            story.receiveAt(3_602, userStart("b", 3_600.3));
            // Then
            assertThat(story.commands()).endsWith("customer-end #2 @3602", "agent-updated c #3 @3602");
        }
    }

    @Nested
    @DisplayName("An agent's end")
    class ByAgentsEnd {

        @Test
        void shouldReopenUnderAnIdThatWasUsedBefore() {
            // Given
            story.receive(userEnd("a", 50, "CLIENT", 40, 0))
                    .receive(acw("a", 55))
                    .passUntil(57);
            // When
            story.receive(userEnd("a", 3_700, "CLIENT", 80, 10));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
            assertThat(story.passUntil(4_000).commands()).endsWith("agent-left #2 @3820");
        }

        @ParameterizedTest
        @CsvSource({"9, AFTER_END", "8.999, REOPENED_BY_END"})
        void shouldBeTheSameSessionIfItBeganBeforeTheKnownOneEnded(double interacting, Outcome outcome) {
            // Given
            story.receive(customerEnd(60)).receive(userEnd("a", 61, "PEER", 61, 0));
            // When
            story.receive(userEnd("a", 70, "PEER", interacting, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(outcome);
        }

        @ParameterizedTest
        @CsvSource({"10, AFTER_END", "9.999, REOPENED_BY_END"})
        void shouldReopenOnlyIfItBeganAfterTheEnd(double interacting, Outcome outcome) {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receive(userEnd("a", 70, "PEER", interacting, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(outcome);
        }

        @Test
        void shouldNotReopenWithoutDurations() {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receive(userEnd("a", 5_000, "PEER"));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldReopenIfTheEndOfTheAgentNeverArrived() {
            // Given
            story.receive(userStart("a", 0)).receive(customerEnd(60));
            // When
            story.receive(userEnd("a", 5_000, "PEER", 100, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.REOPENED_BY_END);
        }

        @Test
        void shouldNotReopenByAnAcw() {
            // Given
            story.receive(customerEnd(60));
            // When
            story.receive(acw("a", 5_000));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }
    }

    @Nested
    @DisplayName("The customer's end")
    class ByCustomersEnd {

        @ParameterizedTest
        @CsvSource({"s2, 40, AFTER_END", "s2, 39.999, REOPENED_BY_END", ", 40, AFTER_END", ", 39.999, REOPENED_BY_END"})
        void shouldReopenIfItsDurationsSayThatItBeganAfterTheEnd(
                @Nullable String session, double interacting, Outcome outcome) {
            // Given
            story.receive(customerEnd(60, "PEER", "s1", 0));
            // When
            story.receive(customerEnd(100, "PEER", session, interacting));
            // Then
            assertThat(story.outcome()).isEqualTo(outcome);
        }

        @ParameterizedTest
        @CsvSource({
            "s2, 100, REOPENED_BY_END",
            "s2, 60, AFTER_END",
            "s2, 59, AFTER_END",
            "s1, 100, AFTER_END",
            ", 100, AFTER_END"
        })
        void shouldReopenWithoutDurationsIfItIsOfAnotherSession(
                @Nullable String session, double time, Outcome outcome) {
            // Given
            story.receive(customerEnd(60, "PEER", "s1", 0));
            // When
            story.receiveAt(100, customerEnd(time, "PEER", session, 0));
            // Then
            assertThat(story.outcome()).isEqualTo(outcome);
        }

        @Test
        void shouldNotReopenForTheSameSessionWhateverItsDurationsSay() {
            // Given
            story.receive(customerEnd(60, "PEER", "s1", 0));
            // When
            story.receive(customerEnd(5_000, "PEER", "s1", 100));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldNotReopenByATransfer() {
            // Given
            story.receive(customerEnd(60, "PEER", "s1", 0));
            // When
            story.receive(customerEnd(5_000, "TRANSFER", "s2", 100));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldNotReopenWhereItEndsNothing() {
            // Given
            story.under(Policies.AGENTS_ONLY).receive(acw("a", 60)).passUntil(70);
            // When
            story.receive(customerEnd(5_000, "PEER", "s2", 100));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldNotReopenWithoutDurationsWhereNoSessionWasKnown() {
            // Given
            story.receive(acw("a", 60)).receive(other(61)).passUntil(70);
            // When
            story.receive(customerEnd(5_000, "PEER", "s2", 0));
            // Then
            assertThat(story.outcome()).isEqualTo(Outcome.AFTER_END);
        }

        @Test
        void shouldKnowTheSessionFromItsStart() {
            // Given
            story.receive(customerStart(0)).receive(acw("a", 60)).passUntil(70);
            // When
            story.receive(customerEnd(5_000, "PEER", "s2", 0));
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "customer-end #2 @5000");
        }

        @Test
        void shouldKeepTheKnownSessionWhereAnEndNamesNone() {
            // Given
            story.receive(customerStart(0)).receive(customerEnd(60, "PEER", null, 0));
            // When
            story.receive(customerEnd(5_000, "PEER", "s2", 0));
            // Then
            assertThat(story.commands()).containsExactly("customer-end #1 @60", "customer-end #2 @5000");
        }

        @Test
        void shouldEndTheHandoverThatItOpensOnlyOnce() {
            // Given
            story.receive(acw("a", 60)).passUntil(70).receive(customerEnd(3_000, "PEER", "s1", 0));
            // When
            story.receive(customerEnd(3_700, "PEER", "s2", 1_000));
            // Then
            assertThat(story.commands()).containsExactly("transfer-timeout #1 @70", "customer-end #2 @3700");
        }
    }
}
