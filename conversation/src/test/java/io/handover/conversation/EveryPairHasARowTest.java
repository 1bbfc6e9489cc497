package io.handover.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.OperatorOrder.Action;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of event has a row in every phase. A new kind of event fails until it has a line here. */
class EveryPairHasARowTest {

    /** The row of an event in each phase. */
    private record Rows(ConversationEvent event, int open, int inFlow, int queued, int served, int held, int ended) {

        int in(Phase phase) {
            return switch (phase) {
                case OPEN -> open;
                case IN_FLOW -> inFlow;
                case QUEUED -> queued;
                case SERVED -> served;
                case HELD -> held;
                case ENDED -> ended;
            };
        }
    }

    private static final List<Rows> TABLE = List.of(
            new Rows(Story.customerStart(55), 19, 19, 19, 19, 19, 20),
            new Rows(Story.customerEnd(55), 1, 1, 1, 1, 1, 22),
            new Rows(Story.userStart("second", 55), 3, 3, 3, 3, 3, 20),
            new Rows(Story.userEnd("second", 55, "CLIENT"), 9, 9, 7, 7, 9, 22),
            new Rows(Story.acw("second", 55), 13, 13, 12, 12, 13, 22),
            new Rows(Story.acdStart("second-queue", 55), 16, 16, 16, 16, 16, 20),
            new Rows(Story.acdEnd("first-queue", 55, QueueSession.Exit.ANSWERED, "second"), 17, 17, 17, 17, 17, 22),
            new Rows(Story.flowStart(55), 32, 32, 19, 19, 32, 20),
            new Rows(Story.flowEnd(55, FlowSession.Exit.DISCONNECTED), 33, 33, 33, 34, 33, 22),
            new Rows(Story.order(Action.END, 1, 55), 46, 46, 46, 46, 46, 48),
            new Rows(Story.other(55), 19, 19, 19, 19, 19, 22));

    static Stream<Arguments> pairs() {
        return TABLE.stream()
                .flatMap(rows -> Arrays.stream(Phase.values())
                        .map(phase ->
                                Arguments.of(phase, rows.event().getClass().getSimpleName(), rows)));
    }

    @Test
    void shouldKnowEveryKindOfEvent() {
        // When
        List<Class<?>> kinds = Arrays.asList(ConversationEvent.class.getPermittedSubclasses());
        // Then
        assertThat(TABLE)
                .<Class<?>>extracting(rows -> rows.event().getClass())
                .containsExactlyInAnyOrderElementsOf(kinds);
    }

    @ParameterizedTest(name = "{1} in {0}")
    @MethodSource("pairs")
    void shouldHaveARow(Phase phase, String kind, Rows rows) {
        // Given
        Story story = Phases.reach(phase);
        // When
        story.receive(rows.event());
        // Then
        assertThat(story.outcome().row()).as(kind).isEqualTo(rows.in(phase));
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void shouldReachEveryPhase(Phase phase) {
        // When
        Story story = Phases.reach(phase);
        // Then
        assertThat(story.state().phase()).isEqualTo(phase);
    }
}
