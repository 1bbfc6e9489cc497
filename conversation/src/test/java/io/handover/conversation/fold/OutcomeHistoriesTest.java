package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.AfterCallWorkCompleted;
import io.handover.conversation.AgentEnded;
import io.handover.conversation.AgentSession;
import io.handover.conversation.AgentSession.Reason;
import io.handover.conversation.AgentStarted;
import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.FlowSession;
import io.handover.conversation.Outcome;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.QueueSession;
import io.handover.conversation.Transition;
import io.handover.reference.Rules;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.AgentUpdated;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverEnded;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * Holds the outcome of each event and deadline against what changed in the state and what was sent, in random
 * histories. So metrics and explanations say what was done.
 */
class OutcomeHistoriesTest {

    private static final long THREE_DAYS_MS = 3 * 86_400_000L;
    private static final UnreliableDelivery WITHIN_GRACE = UnreliableDelivery.within(1_999, THREE_DAYS_MS);

    @Provide
    Arbitrary<Trial> withinTheGrace() {
        return Trial.arbitrary(WITHIN_GRACE);
    }

    @Provide
    Arbitrary<Trial> minutesLate() {
        return Trial.arbitrary(UnreliableDelivery.within(300_000, THREE_DAYS_MS).losing(10));
    }

    @Provide
    Arbitrary<Trial> customerEndAlone() {
        return Trial.arbitrary(WITHIN_GRACE, new Rules(2_000, 10_000, 120_000, true, false));
    }

    @Provide
    Arbitrary<Trial> agentsEvidenceAlone() {
        return Trial.arbitrary(WITHIN_GRACE, new Rules(2_000, 10_000, 120_000, false, true));
    }

    @Property(seed = "1")
    void shouldSayWhatWasDoneWithinTheGrace(@ForAll("withinTheGrace") Trial trial) {
        assertThat(contradictions(trial)).isEmpty();
    }

    @Property(seed = "2")
    void shouldSayWhatWasDoneMinutesLate(@ForAll("minutesLate") Trial trial) {
        assertThat(contradictions(trial)).isEmpty();
    }

    @Property(seed = "3")
    void shouldSayWhatWasDoneWhereOnlyTheCustomerEnds(@ForAll("customerEndAlone") Trial trial) {
        assertThat(contradictions(trial)).isEmpty();
    }

    @Property(seed = "4")
    void shouldSayWhatWasDoneWhereOnlyAgentsEnd(@ForAll("agentsEvidenceAlone") Trial trial) {
        assertThat(contradictions(trial)).isEmpty();
    }

    private static List<String> contradictions(Trial trial) {
        List<String> found = new ArrayList<>();
        ConversationFold.Observer observer = new ConversationFold.Observer() {
            @Override
            public void applied(String id, ConversationState before, ConversationEvent event, Transition transition) {
                Step step = new Step(before, event, transition);
                if (!step.isTrue(trial.rules())) {
                    found.add(transition.outcome() + " is not true of " + event + ", then " + transition);
                }
            }

            @Override
            public void fired(String id, ConversationState before, long deadline, Transition transition) {
                boolean ends = transition.commands().stream().anyMatch(HandoverEnded.class::isInstance);
                boolean saysSo =
                        transition.outcome() == Outcome.DEADLINE_ENDED || transition.outcome() == Outcome.EXPIRED;
                if (ends != saysSo) {
                    found.add(transition.outcome() + " is not true of the deadline " + deadline);
                }
            }
        };
        CoreRun.observe(trial.policy(), trial.arrivals(), trial.until(), observer);
        return found;
    }

    /** An event that was applied, with the state before and after it. */
    private record Step(ConversationState before, ConversationEvent event, Transition transition) {

        boolean isTrue(Rules rules) {
            return switch (transition.outcome()) {
                case CUSTOMER_ENDED -> isEndedBy(event.evidence());
                case CUSTOMER_TRANSFERRED, CUSTOMER_END_NOTED, NOTED, LATE_START -> nothingHappened();
                case AFTER_END -> nothingHappened() || isAcwOfEarlierHandover();
                case AGENT_STARTED -> agent().isActive() && after().pending() == null && !isEnded();
                case AGENT_JOINED ->
                    agent().isActive()
                            && after().pending() == null
                            && agents().stream().anyMatch(other -> !other.equals(agent()))
                            && transition.commands().stream()
                                    .noneMatch(command -> command instanceof AgentUpdated updated
                                            && updated.agent().id().equals(agent().agentId()));
                case AGENT_START_AFTER_END -> !agent().isActive();
                case AGENT_TRANSFERRED -> hasDeparted(Reason.TRANSFERRED) && !isHeld() && !isEnded();
                case AGENT_DECLINED -> hasDeparted(Reason.DECLINED) && !isHeld() && !isEnded();
                case AGENT_LEFT_OTHERS -> hasDeparted(Reason.LEFT) && after().pending() == null && isGoingOn();
                case AGENT_LEFT_EARLIER -> hasDeparted(Reason.LEFT) && after().pending() != null && !isHeld();
                case AGENT_LEFT -> hasDeparted(Reason.LEFT) && isHeldAs(EndReason.AGENT_LEFT);
                case AGENT_LEFT_WRAPPED_UP -> hasDeparted(Reason.LEFT) && isHeldAs(EndReason.AFTER_CALL_WORK);
                case WRAP_UP -> isHeldAs(EndReason.AFTER_CALL_WORK);
                case WRAP_UP_NOTED -> after().pending() == null && isGoingOn();
                case WRAP_UP_EARLIER -> after().pending() != null && !isHeld();
                case WRAP_UP_HELD, LEGLESS_WRAP_UP_HELD -> isHeldAs(EndReason.TRANSFER_TIMEOUT);
                case WRAP_UP_OF_TRANSFER, LEGLESS_WRAP_UP_OF_TRANSFER -> !isHeld() && !isEnded();
                case QUEUE_ENTERED -> {
                    QueueSession queue = queueAt(event.time());
                    yield queue != null && queue.left() == null && after().pending() == null;
                }
                case QUEUE_ANSWERED, QUEUE_LEFT -> queueLeft() != null && !isHeld() && !isEnded();
                case QUEUE_ABANDONED -> isHeldAs(EndReason.QUEUE_ABANDONED);
                case FLOW_ENTERED -> isFlowRunning() && after().pending() == null;
                case FLOW_DISCONNECTED -> isHeldAs(EndReason.FLOW_DISCONNECTED);
                case FLOW_LEFT -> !isHeld() && !isEnded();
                case MOVED_ON -> after().pending() == null && !isServed() && !isEnded();
                case STARTED_AFTER_END -> !isEnded();
                case CUSTOMER_AWAITED -> !rules.agentsEnd() && after().pending() == null && !isServed();
                case OPENED_AND_ENDED -> isEnded() && !isEndedBy(event.evidence());
                case REOPENED_BY_START, REOPENED_BY_END ->
                    after().cycle().number() > before.cycle().number();
                case DUPLICATE, TOO_OLD ->
                    after().equals(before) && transition.commands().isEmpty();
                case DEADLINE_ENDED, DEADLINE_STALE, IDLE_MOVED, IDLE_DISABLED, EXPIRED -> false;
                case PROFILE_ANNOUNCED, PROFILE_KEPT, PROFILE_IGNORED -> false;
                case OPERATOR_ENDED, OPERATOR_RELEASED, ORDER_WITHOUT_EFFECT -> false;
            };
        }

        private ConversationState after() {
            return transition.state();
        }

        private boolean nothingHappened() {
            return transition.commands().isEmpty()
                    && after().cycle().number() == before.cycle().number()
                    && after().isOpen() == before.isOpen()
                    && Objects.equals(after().pending(), before.pending());
        }

        /** A user.end can show that the session of a known acw is of an earlier handover, so that the acw does not count. */
        private boolean isAcwOfEarlierHandover() {
            return event instanceof AgentEnded
                    && agent().acw() != null
                    && !isOfCycle(agent().cycle())
                    && transition.commands().isEmpty();
        }

        private boolean isEnded() {
            return transition.commands().stream().anyMatch(HandoverEnded.class::isInstance);
        }

        private boolean isEndedBy(Evidence evidence) {
            return transition.commands().stream()
                    .anyMatch(command -> command instanceof HandoverEnded ended
                            && ended.evidence().equals(List.of(evidence)));
        }

        private boolean isHeld() {
            PendingEnd pending = after().pending();
            return pending != null && pending.evidence().contains(event.evidence());
        }

        private boolean isHeldAs(EndReason reason) {
            PendingEnd pending = after().pending();
            return isHeld() && pending != null && pending.reason() == reason;
        }

        private boolean hasDeparted(Reason reason) {
            AgentSession.Departure departure = agent().departure();
            return departure != null
                    && departure.reason() == reason
                    && departure.evidence().equals(event.evidence());
        }

        /** Whether somebody has the conversation, or the newest departure is a transfer or an answer. */
        private boolean isGoingOn() {
            return isServed() || isQueued() || isFlowRunning() || isMovingOn();
        }

        private boolean isServed() {
            return agents().stream().anyMatch(AgentSession::isActive);
        }

        private boolean isQueued() {
            return after().sessions().queues().stream()
                    .anyMatch(queue -> isOfCycle(queue.cycle())
                            && (queue.left() == null || time(queue.left()) < queue.enteredAt()));
        }

        private boolean isFlowRunning() {
            return after().sessions().flows().stream()
                    .anyMatch(flow -> flow.startedAt() >= after().cycle().began()
                            && flow.routing()
                            && (flow.ended() == null || time(flow.ended()) < flow.startedAt()));
        }

        private boolean isMovingOn() {
            long newest = Long.MIN_VALUE;
            boolean moving = false;
            for (AgentSession agent : agents()) {
                AgentSession.Departure departure = agent.departure();
                if (departure != null
                        && departure.reason() != Reason.DECLINED
                        && time(departure.evidence()) >= newest) {
                    newest = time(departure.evidence());
                    moving = departure.reason() == Reason.TRANSFERRED;
                }
            }
            for (QueueSession queue : after().sessions().queues()) {
                boolean counts = isOfCycle(queue.cycle()) || queue.enteredAt() == AgentSession.UNKNOWN;
                if (counts && queue.left() != null && time(queue.left()) > newest) {
                    newest = time(queue.left());
                    moving = queue.exit() != QueueSession.Exit.ABANDONED;
                }
            }
            for (FlowSession flow : after().sessions().flows()) {
                boolean counts = flow.startedAt() == AgentSession.UNKNOWN || isAfterLastEnd(flow.startedAt());
                if (counts
                        && flow.ended() != null
                        && flow.exit() != FlowSession.Exit.OTHER
                        && time(flow.ended()) > newest) {
                    newest = time(flow.ended());
                    moving = flow.exit() == FlowSession.Exit.TRANSFERRED;
                }
            }
            return moving;
        }

        private AgentSession agent() {
            String id = event instanceof AgentStarted started
                    ? started.agentSessionId()
                    : event instanceof AgentEnded ended
                            ? ended.agentSessionId()
                            : ((AfterCallWorkCompleted) event).agentSessionId();
            return after().sessions().agents().stream()
                    .filter(agent -> agent.id().equals(id))
                    .findFirst()
                    .orElseThrow();
        }

        private List<AgentSession> agents() {
            return after().sessions().agents().stream()
                    .filter(agent -> isOfCycle(agent.cycle()))
                    .toList();
        }

        private @Nullable QueueSession queueAt(long entered) {
            return after().sessions().queues().stream()
                    .filter(queue -> queue.enteredAt() == entered && isOfCycle(queue.cycle()))
                    .findFirst()
                    .orElse(null);
        }

        private @Nullable QueueSession queueLeft() {
            return after().sessions().queues().stream()
                    .filter(queue -> event.evidence().equals(queue.left()))
                    .findFirst()
                    .orElse(null);
        }

        private boolean isOfCycle(int cycle) {
            return cycle == after().cycle().number();
        }

        private boolean isAfterLastEnd(long time) {
            return after().cycle().lastEnd() == null
                    || time > after().cycle().lastEnd().time();
        }

        private static long time(Evidence evidence) {
            return evidence.eventTime().toEpochMilli();
        }
    }
}
