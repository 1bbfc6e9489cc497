package io.handover.conversation;

import io.handover.conversation.ConversationEvent.AfterCallWorkCompleted;
import io.handover.conversation.ConversationEvent.AgentEnded;
import io.handover.conversation.ConversationEvent.AgentStarted;
import io.handover.conversation.ConversationEvent.CustomerEnded;
import io.handover.conversation.ConversationEvent.QueueEntered;
import io.handover.conversation.ConversationEvent.QueueLeft;
import io.handover.conversation.ConversationState.End;
import io.handover.schema.AgentUpdated;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Applies an event to an open handover: rows 1 to 19 of the table in {@link ConversationStateMachine}.
 *
 * @param before the state before the event is merged. It already contains the fingerprint of the event
 * @param at the stream time at which the event is applied, or the deadline that fired
 */
record OpenHandover(TransferPolicy policy, String conversationId, ConversationState before, long at) {

    private static final String AGENT_STARTED = "agent-started";
    private static final String AGENT_ANSWERED = "agent-answered";
    private static final String AGENT_REMAINS = "agent-remains";

    Transition apply(ConversationEvent event) {
        if (event instanceof CustomerEnded ended) {
            return customerEnded(ended);
        }
        ConversationState merged = Facts.merge(before, event, at, policy);
        ConversationState state = Conclusion.of(merged, at, policy);
        Outcome outcome = outcome(state, event);
        Evidence customerEnd = earlyCustomerEnd(merged);
        return customerEnd == null
                ? announce(state, event.details().evidence(), outcome)
                : new OpenHandover(policy, conversationId, merged, at).endByCustomer(customerEnd, outcome);
    }

    /**
     * The early customer end that ends this handover, or null.
     *
     * <p>It ends the handover when the first start arrives that is not later than this end, within the out-of-order
     * grace. Sessions that started after this end belong to the next handover.
     */
    private @Nullable Evidence earlyCustomerEnd(ConversationState merged) {
        Evidence end = merged.customer().earlyEnd();
        if (end == null
                || !policy.customerEndEnds()
                || at > merged.customer().earlyEndAt() + policy.outOfOrderGraceMs()) {
            return null;
        }
        long time = end.eventTime().toEpochMilli();
        return merged.ownsFact(time) && !before.ownsFact(time) ? end : null;
    }

    private Outcome outcome(ConversationState state, ConversationEvent event) {
        if (event instanceof AgentStarted started && started.agentSessionId() != null) {
            return agentStarted(state, agentSession(state, started.agentSessionId()));
        }
        if (event instanceof AgentEnded ended) {
            return agentEnded(state, agentSession(state, Facts.agentSessionId(before, ended)));
        }
        if (event instanceof AfterCallWorkCompleted completed) {
            return acwCompleted(
                    state,
                    agentSession(state, Facts.agentSessionId(before, completed, at, policy)),
                    completed.agentSessionId() == null);
        }
        if (event instanceof QueueEntered) {
            return state.isWaiting() ? Outcome.QUEUE_ENTERED : Outcome.NOTED;
        }
        return event instanceof QueueLeft left ? queueLeft(state, left) : Outcome.NOTED;
    }

    /** Ends the handover at once. An end that was held is dropped. */
    Transition end(EndReason reason, List<Evidence> evidence, End end, Outcome outcome) {
        String fact = evidence.isEmpty() ? String.valueOf(end.time()) : fact(evidence.get(evidence.size() - 1));
        HandoverCommand command = new HandoverEnded(
                commandId(HandoverEnded.TYPE, fact),
                conversationId,
                before.cycle(),
                before.customer().id(),
                before.customer().organizationId(),
                Instant.ofEpochMilli(end.time()),
                Instant.ofEpochMilli(at),
                reason.label(),
                evidence);
        return new Transition(before.ended(end), List.of(command), outcome);
    }

    private Transition customerEnded(CustomerEnded event) {
        Evidence evidence = event.details().evidence();
        if (event.isTransfer()) {
            return silent(before, Outcome.CUSTOMER_TRANSFERRED);
        }
        if (!policy.customerEndEnds()) {
            return silent(before, Outcome.NOTED);
        }
        ConversationState next =
                before.with(before.customer().inSession(event.details().sessionId()));
        if (!before.ownsFact(event.time())) {
            // This customer.end is older than every known start. It ends the previous handover, or the first start of
            // this handover is late.
            return silent(next.with(next.customer().withEarlyEnd(evidence, at, policy)), Outcome.AFTER_END);
        }
        return new OpenHandover(policy, conversationId, next, at).endByCustomer(evidence, Outcome.CUSTOMER_ENDED);
    }

    /** Ends the handover with the end that was held until now. */
    Transition endByAgents(EndReason reason, List<Evidence> evidence, long decidedBy) {
        Transition ended = end(reason, evidence, new End(decidedBy, false), Outcome.DEADLINE_ENDED);
        long began = before.customer().startedAt();
        if (began <= decidedBy) {
            return ended;
        }
        // The customer came back while the end was held, so the next handover opens now. If no agent comes, no later
        // event would open it, and its customer.end would be ignored.
        ConversationState reopened = ended.state().reopened(began);
        return ended.followedBy(silent(Conclusion.of(reopened, at, policy), ended.outcome()));
    }

    private Transition endByCustomer(Evidence evidence, Outcome outcome) {
        End end = new End(evidence.eventTime().toEpochMilli(), true);
        return openNext(end(EndReason.CUSTOMER_END, List.of(evidence), end, outcome), end.time());
    }

    /** Opens the next handover if a known session started after the end of this one. */
    private Transition openNext(Transition ended, long end) {
        ConversationState state = ended.state();
        List<AgentSession> agentSessions = new ArrayList<>();
        long customerBegan = state.customer().startedAt();
        long began = customerBegan > end ? customerBegan : Long.MAX_VALUE;
        for (AgentSession session : state.agentSessions()) {
            boolean next = session.cycle() == state.cycle() && session.startedAt() > end;
            began = next ? Math.min(began, session.startedAt()) : began;
            agentSessions.add(next ? session.inCycle(state.cycle() + 1) : session);
        }
        List<QueueSession> queueSessions = new ArrayList<>();
        for (QueueSession session : state.queueSessions()) {
            boolean next = session.cycle() == state.cycle() && session.enteredAt() > end;
            began = next ? Math.min(began, session.enteredAt()) : began;
            queueSessions.add(next ? session.entered(session.enteredAt(), state.cycle() + 1) : session);
        }
        if (began == Long.MAX_VALUE) {
            return ended;
        }
        ConversationState reopened =
                state.withSessions(agentSessions, queueSessions).reopened(began);
        Transition opened = silent(Conclusion.of(reopened, at, policy), ended.outcome());
        ServingAgent serving = ServingAgent.newest(reopened, policy);
        if (serving != null) {
            Evidence start = new Evidence("user.start", null, Instant.ofEpochMilli(serving.since()), null);
            opened = new OpenHandover(policy, conversationId, reopened, at)
                    .announce(opened.state(), start, Outcome.AGENT_STARTED);
        }
        return ended.followedBy(opened);
    }

    private static Outcome agentStarted(ConversationState state, AgentSession session) {
        if (session.cycle() != state.cycle()) {
            return Outcome.AFTER_END;
        }
        return session.isActive() ? Outcome.AGENT_STARTED : Outcome.AGENT_START_AFTER_END;
    }

    private static Outcome agentEnded(ConversationState state, AgentSession session) {
        if (session.cycle() != state.cycle()) {
            return Outcome.AFTER_END;
        }
        if (session.departure() == null) {
            return Outcome.NOTED;
        }
        return switch (session.departure().reason()) {
            case TRANSFERRED -> Outcome.AGENT_TRANSFERRED;
            case DECLINED -> Outcome.AGENT_DECLINED;
            case LEFT -> {
                if (!causesEnd(state, session)) {
                    yield Outcome.AGENT_LEFT_OTHERS;
                }
                yield session.acw() == null ? Outcome.AGENT_LEFT : Outcome.AGENT_LEFT_WRAPPED_UP;
            }
        };
    }

    private static Outcome acwCompleted(ConversationState state, AgentSession session, boolean sessionless) {
        if (session.cycle() != state.cycle()) {
            return Outcome.AFTER_END;
        }
        if (session.is(AgentSession.Reason.TRANSFERRED) || session.is(AgentSession.Reason.DECLINED)) {
            return sessionless ? Outcome.LEGLESS_WRAP_UP_OF_TRANSFER : Outcome.WRAP_UP_OF_TRANSFER;
        }
        if (!causesEnd(state, session)) {
            return Outcome.WRAP_UP_NOTED;
        }
        if (session.departure() != null) {
            return Outcome.WRAP_UP;
        }
        return sessionless ? Outcome.LEGLESS_WRAP_UP_HELD : Outcome.WRAP_UP_HELD;
    }

    private static Outcome queueLeft(ConversationState state, QueueLeft event) {
        return switch (event.exit()) {
            case ANSWERED -> Outcome.QUEUE_ANSWERED;
            case ABANDONED -> {
                PendingEnd pending = state.pending();
                yield pending != null && pending.reason() == EndReason.QUEUE_ABANDONED
                        ? Outcome.QUEUE_ABANDONED
                        : Outcome.NOTED;
            }
            case OTHER -> Outcome.NOTED;
        };
    }

    /** Adds {@code agent-updated} if the serving agent is not the agent announced last. */
    private Transition announce(ConversationState state, Evidence evidence, Outcome outcome) {
        ServingAgent serving = ServingAgent.newest(state, policy);
        if (serving == null || serving.agentId().equals(state.announced())) {
            return silent(state, outcome);
        }
        HandoverCommand command = new AgentUpdated(
                commandId(AgentUpdated.TYPE, fact(evidence) + '|' + serving.agentId()),
                conversationId,
                state.cycle(),
                state.customer().id(),
                state.customer().organizationId(),
                evidence.eventTime(),
                Instant.ofEpochMilli(at),
                reason(outcome),
                new AgentUpdated.Agent(serving.agentId(), null, null),
                List.of(evidence));
        return new Transition(state.withAnnounced(serving.agentId()), List.of(command), outcome);
    }

    private static String reason(Outcome outcome) {
        return switch (outcome) {
            case QUEUE_ANSWERED -> AGENT_ANSWERED;
            case AGENT_STARTED -> AGENT_STARTED;
            default -> AGENT_REMAINS;
        };
    }

    private static Transition silent(ConversationState state, Outcome outcome) {
        return new Transition(state, List.of(), outcome);
    }

    private static boolean causesEnd(ConversationState state, AgentSession session) {
        PendingEnd pending = state.pending();
        return pending != null && session.id().equals(pending.causedBy());
    }

    private static AgentSession agentSession(ConversationState state, String id) {
        return Objects.requireNonNull(
                state.agentSession(id), "Expected the merged agent session in the state, but it is missing");
    }

    /**
     * The part of a command id that identifies an event. It omits EventBridge's id, so all copies of an event lead to
     * the same command id.
     */
    private static String fact(Evidence evidence) {
        return evidence.topic() + '|' + evidence.eventTime().toEpochMilli();
    }

    private String commandId(String type, String fact) {
        String name = conversationId + '|' + before.cycle() + '|' + type + '|' + fact;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
