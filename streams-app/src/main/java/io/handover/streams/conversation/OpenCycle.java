package io.handover.streams.conversation;

import io.handover.schema.AgentUpdated;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.streams.conversation.ConversationEvent.AfterCallWorkCompleted;
import io.handover.streams.conversation.ConversationEvent.AgentEnded;
import io.handover.streams.conversation.ConversationEvent.AgentStarted;
import io.handover.streams.conversation.ConversationEvent.CustomerEnded;
import io.handover.streams.conversation.ConversationEvent.QueueEntered;
import io.handover.streams.conversation.ConversationEvent.QueueLeft;
import io.handover.streams.conversation.ConversationState.Announcement;
import io.handover.streams.conversation.ConversationState.End;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One decision within an open handover: rows 1 to 19 of the table in {@link ConversationStateMachine}.
 *
 * @param before the state, in which the event already counts as seen
 * @param at when the log learnt of the event, or the deadline that fired
 */
record OpenCycle(TransferPolicy policy, String conversationId, ConversationState before, long at) {

    private static final String AGENT_STARTED = "agent-started";
    private static final String AGENT_ANSWERED = "agent-answered";

    Transition apply(ConversationEvent event) {
        if (event instanceof CustomerEnded ended) {
            return customerEnded(ended);
        }
        ConversationState merged = Facts.merge(before, event, at, policy);
        ConversationState state = Conclusion.of(merged, at, policy);
        if (event instanceof AgentStarted started && started.legId() != null) {
            return agentStarted(state, started, leg(state, started.legId()));
        }
        if (event instanceof AgentEnded ended) {
            return silent(state, agentEnded(state, leg(state, Facts.legId(before, ended))));
        }
        if (event instanceof AfterCallWorkCompleted completed) {
            Leg leg = leg(state, Facts.legId(before, completed, at, policy));
            return silent(state, wrappedUp(state, leg, completed.legId() == null));
        }
        if (event instanceof QueueEntered) {
            return silent(state, state.isWaiting() ? Outcome.QUEUE_ENTERED : Outcome.NOTED);
        }
        if (event instanceof QueueLeft left) {
            return queueLeft(state, left);
        }
        return silent(state, Outcome.NOTED);
    }

    /** The handover is over: at once, whatever was held. */
    Transition end(EndReason reason, List<Evidence> evidence, End end, Outcome outcome) {
        String fact = evidence.isEmpty() ? String.valueOf(end.time()) : fact(evidence.get(evidence.size() - 1));
        HandoverCommand command = new HandoverEnded(
                commandId(HandoverEnded.TYPE, fact),
                conversationId,
                before.cycle(),
                before.customerId(),
                before.organizationId(),
                Instant.ofEpochMilli(end.time()),
                Instant.ofEpochMilli(at),
                reason.label(),
                evidence);
        return new Transition(before.ended(end), List.of(command), outcome);
    }

    private Transition customerEnded(CustomerEnded event) {
        Evidence evidence = event.details().evidence();
        String type = evidence.disconnectType();
        if (type != null && AgentEnded.isTransfer(type)) {
            return silent(before, Outcome.CUSTOMER_TRANSFERRED);
        }
        if (!policy.customerEndEnds()) {
            return silent(before, Outcome.NOTED);
        }
        if (!before.ownsFact(event.time())) {
            // The customer's end of the previous handover, after the conversation was reopened.
            return silent(before, Outcome.AFTER_END);
        }
        End end = new End(event.time(), true, event.details().sessionId());
        return end(EndReason.CUSTOMER_END, List.of(evidence), end, Outcome.CUSTOMER_ENDED);
    }

    private Transition agentStarted(ConversationState state, AgentStarted event, Leg leg) {
        if (leg.cycle() != state.cycle()) {
            return silent(state, Outcome.AFTER_END);
        }
        if (!leg.isActive()) {
            return silent(state, Outcome.AGENT_START_AFTER_END);
        }
        boolean announces = policy.announceOn() == TransferPolicy.AnnounceOn.START || !event.fromQueue();
        return announced(state, announces ? event.agentId() : null, event, AGENT_STARTED, Outcome.AGENT_STARTED);
    }

    private static Outcome agentEnded(ConversationState state, Leg leg) {
        if (leg.cycle() != state.cycle()) {
            return Outcome.AFTER_END;
        }
        if (leg.departure() == null) {
            return Outcome.NOTED;
        }
        return switch (leg.departure().reason()) {
            case TRANSFERRED -> Outcome.AGENT_TRANSFERRED;
            case DECLINED -> Outcome.AGENT_DECLINED;
            case LEFT -> {
                if (!causesEnd(state, leg)) {
                    yield Outcome.AGENT_LEFT_OTHERS;
                }
                yield leg.wrapUp() == null ? Outcome.AGENT_LEFT : Outcome.AGENT_LEFT_WRAPPED_UP;
            }
        };
    }

    private static Outcome wrappedUp(ConversationState state, Leg leg, boolean legless) {
        if (leg.cycle() != state.cycle()) {
            return Outcome.AFTER_END;
        }
        if (leg.is(Leg.Reason.TRANSFERRED) || leg.is(Leg.Reason.DECLINED)) {
            return legless ? Outcome.LEGLESS_WRAP_UP_OF_TRANSFER : Outcome.WRAP_UP_OF_TRANSFER;
        }
        if (!causesEnd(state, leg)) {
            return Outcome.WRAP_UP_NOTED;
        }
        if (leg.departure() != null) {
            return Outcome.WRAP_UP;
        }
        return legless ? Outcome.LEGLESS_WRAP_UP_HELD : Outcome.WRAP_UP_HELD;
    }

    private Transition queueLeft(ConversationState state, QueueLeft event) {
        return switch (event.exit()) {
            case ANSWERED -> {
                boolean announces = policy.announceOn() == TransferPolicy.AnnounceOn.ANSWER
                        && state.ownsFact(event.time())
                        && !hasGoneSince(state, event.answeredBy(), event.time());
                yield announced(
                        state, announces ? event.answeredBy() : null, event, AGENT_ANSWERED, Outcome.QUEUE_ANSWERED);
            }
            case ABANDONED -> {
                Pending pending = state.pending();
                boolean held = pending != null && pending.reason() == EndReason.QUEUE_ABANDONED;
                yield silent(state, held ? Outcome.QUEUE_ABANDONED : Outcome.NOTED);
            }
            case OTHER -> silent(state, Outcome.NOTED);
        };
    }

    /** An answer that arrives after the agent is gone would announce somebody who does not serve. */
    private static boolean hasGoneSince(ConversationState state, @Nullable String agentId, long answeredAt) {
        boolean gone = false;
        for (Leg leg : state.legs()) {
            if (leg.cycle() == state.cycle() && agentId != null && agentId.equals(leg.agentId())) {
                if (leg.isActive()) {
                    return false;
                }
                gone |= leg.departedAt() >= answeredAt;
            }
        }
        return gone;
    }

    /** With {@code agent-updated} if the agent is not the one last announced and no newer start was. */
    private Transition announced(
            ConversationState state,
            @Nullable String agentId,
            ConversationEvent event,
            String reason,
            Outcome outcome) {
        Announcement last = state.announced();
        if (agentId == null || (last != null && event.time() <= last.startedAt())) {
            return silent(state, outcome);
        }
        ConversationState next = state.withAnnounced(new Announcement(agentId, event.time()));
        if (last != null && last.agentId().equals(agentId)) {
            return silent(next, outcome);
        }
        Evidence evidence = event.details().evidence();
        HandoverCommand command = new AgentUpdated(
                commandId(AgentUpdated.TYPE, fact(evidence) + '|' + agentId),
                conversationId,
                state.cycle(),
                state.customerId(),
                state.organizationId(),
                evidence.eventTime(),
                Instant.ofEpochMilli(at),
                reason,
                new AgentUpdated.Agent(agentId, null, null),
                List.of(evidence));
        return new Transition(next, List.of(command), outcome);
    }

    private static Transition silent(ConversationState state, Outcome outcome) {
        return new Transition(state, List.of(), outcome);
    }

    private static boolean causesEnd(ConversationState state, Leg leg) {
        Pending pending = state.pending();
        return pending != null && leg.id().equals(pending.causedBy());
    }

    private static Leg leg(ConversationState state, String id) {
        Leg leg = state.leg(id);
        if (leg == null) {
            throw new IllegalStateException("Expected the merged leg to be in the state, but it is not");
        }
        return leg;
    }

    /** Without EventBridge's id: whichever copy of a delivery arrives first, the command keeps its id. */
    private static String fact(Evidence evidence) {
        return evidence.topic() + '|' + evidence.eventTime().toEpochMilli();
    }

    private String commandId(String type, String fact) {
        String name = conversationId + '|' + before.cycle() + '|' + type + '|' + fact;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
