package io.handover.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.FlowSession.Exit;
import io.handover.schema.OperatorOrder.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A state without spent evidence leads to the same outcomes and commands as one with it. Ids and times are few, so that rare
 * cases are frequent: an id is used again, an end comes before its start, a late start opens the conversation again.
 */
class SpentEvidenceTest {

    private static final int EVENTS = 40;
    private static final int TIMES = 30;
    private static final int SECONDS_EACH = 5;
    private static final int LONGEST_PAUSE_SECONDS = 60;

    @Property(seed = "1")
    void shouldDecideTheSame(@ForAll long seed) {
        // Given
        SplittableRandom random = new SplittableRandom(seed);
        Followed whole = new Followed(false);
        Followed reduced = new Followed(true);
        double at = 0;
        for (int i = 0; i < EVENTS; i++) {
            at += random.nextInt(LONGEST_PAUSE_SECONDS);
            ConversationEvent event = event(random);
            // When
            whole.receive(event, Story.millis(at));
            reduced.receive(event, Story.millis(at));
        }
        // Then
        assertThat(reduced.decisions).containsExactlyElementsOf(whole.decisions);
    }

    private static ConversationEvent event(SplittableRandom random) {
        String id = random.nextBoolean() ? "a" : "b";
        double time = SECONDS_EACH * random.nextInt(TIMES);
        int lasted = random.nextInt(3) * SECONDS_EACH;
        boolean flag = random.nextBoolean();
        return switch (random.nextInt(12)) {
            case 0 -> Story.customerStart(time);
            case 1 -> Story.customerEnd(time, "PEER", flag ? id : null, lasted);
            case 2, 3 -> Story.userStart(id, id, time, flag);
            case 4, 5 -> Story.userEnd(id, time, one(random, "PEER", "TRANSFER", "CLIENT"), lasted, random.nextInt(2));
            case 6 -> Story.acw(id, time);
            case 7 -> Story.acdStart(id, time);
            case 8 -> Story.acdEnd(id, time, one(random, QueueSession.Exit.values()), flag ? id : null);
            case 9 -> Story.flowStart(id, time, flag);
            case 10 -> Story.flowEnd(id, time, flag, one(random, Exit.values()));
            default -> flag ? Story.sessionlessAcw(time) : Story.order(Action.END, 1 + random.nextInt(3), time);
        };
    }

    @SafeVarargs
    private static <T> T one(SplittableRandom random, T... values) {
        return values[random.nextInt(values.length)];
    }

    /** A conversation, and everything that was decided in it. */
    private static final class Followed {

        private final ConversationStateMachine machine =
                new ConversationStateMachine(TransferPolicy.DEFAULT, KnownAgent.View.NONE);
        private final boolean isReduced;
        private final List<Object> decisions = new ArrayList<>();
        private ConversationState state = ConversationState.NEW;

        Followed(boolean isReduced) {
            this.isReduced = isReduced;
        }

        void receive(ConversationEvent event, long at) {
            while (state.pending() != null && state.pending().deadline() <= at) {
                follow(machine.fire(Story.CONVERSATION, state, at));
            }
            follow(machine.apply(Story.CONVERSATION, state, event, at));
        }

        private void follow(Transition transition) {
            state = isReduced ? transition.state().withoutSpentEvidence() : transition.state();
            decisions.add(transition.outcome());
            decisions.addAll(transition.commands());
        }
    }
}
