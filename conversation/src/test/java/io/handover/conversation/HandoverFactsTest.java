package io.handover.conversation;

import static io.handover.conversation.Story.acdStart;
import static io.handover.conversation.Story.customerEnd;
import static io.handover.conversation.Story.flowStart;
import static io.handover.conversation.Story.millis;
import static io.handover.conversation.Story.userEnd;
import static io.handover.conversation.Story.userStart;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The facts of a handover, and what is read from them. */
class HandoverFactsTest {

    private final Story story = new Story();

    static Stream<ConversationEvent> starts() {
        return Stream.of(userStart("a", 0), acdStart("q", 0), flowStart(0));
    }

    @ParameterizedTest
    @MethodSource("starts")
    void shouldHaveNoDepartureWhileTheOnlySessionGoesOn(ConversationEvent start) {
        // When
        story.receive(start);
        // Then
        assertThat(HandoverFacts.of(story.state()).lastDeparted()).isNull();
    }

    @Test
    void shouldNotCallAnAgentSilentWhoDeclined() {
        // Given
        story.receive(userStart("a", 0)).receive(userStart("b", "b", 10, false));
        // When
        story.receive(userEnd("b", 20, "NO_ANSWER_TRANSFER"));
        // Then
        HandoverFacts facts = HandoverFacts.of(story.state());
        assertThat(facts.isSilent(facts.agent("b"))).isFalse();
    }

    @Test
    void shouldSayThatTheCustomerIsGone() {
        // When
        ConversationState merged = customerEnd(60).mergeInto(ConversationState.NEW, millis(60), TransferPolicy.DEFAULT);
        // Then
        Reading reading = Reading.of(HandoverFacts.of(merged), TransferPolicy.DEFAULT);
        assertThat(reading.row()).isEqualTo(Reading.Row.CUSTOMER_GONE);
        assertThat(reading.decidedBy()).isNull();
    }

    @Test
    void shouldSayThatTheCustomerIsAwaited() {
        // Given
        story.under(Policies.CUSTOMER_ONLY);
        // When
        story.receive(userEnd("a", 60, "CLIENT"));
        // Then
        HandoverFacts facts = HandoverFacts.of(story.state());
        Reading reading = Reading.of(facts, Policies.CUSTOMER_ONLY);
        assertThat(reading.row()).isEqualTo(Reading.Row.CUSTOMER_AWAITED);
        assertThat(reading.isDecidedBy(facts.agent("a"))).isTrue();
    }
}
