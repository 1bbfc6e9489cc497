package io.handover.conversation;

import io.handover.conversation.Cycle.End;
import io.handover.schema.AgentLookup;
import io.handover.schema.AgentProfile;
import io.handover.schema.AgentUpdated;
import io.handover.schema.Evidence;
import io.handover.schema.OperatorOrder.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Applies an event, a deadline or an operator's order to the state of a conversation, and decides which commands are sent.
 *
 * <p>An event is merged into the facts by its event time. Then the facts are read ({@link Reading}), and the pending
 * end, the announcement and the {@link Outcome} follow. {@link Outcome} and {@link Reading.Row} are the decision table.
 */
public final class ConversationStateMachine {

    private static final String REASON_STARTED = "agent-started";
    private static final String REASON_ANSWERED = "agent-answered";
    private static final String REASON_REMAINS = "agent-remains";
    private static final String REASON_PROFILE = "agent-profile";

    private final TransferPolicy policy;
    private final KnownAgent.View agents;

    /** @param agents the agents whose names and pictures are known */
    public ConversationStateMachine(TransferPolicy policy, KnownAgent.View agents) {
        this.policy = policy;
        this.agents = agents;
    }

    /**
     * Applies an event.
     *
     * @param at the stream time; not lower than in earlier calls for this conversation
     */
    public Transition apply(String conversationId, ConversationState state, ConversationEvent event, long at) {
        Fingerprint fingerprint = event.details().fingerprint();
        if (fingerprint != null && state.fingerprints().contains(fingerprint)) {
            return Transition.silent(state, Outcome.DUPLICATE);
        }
        // With "<", a duplicate would be applied again in the millisecond in which the state is deleted. The state is
        // deleted at touchedAt + retention, together with the fingerprints.
        if (event.time() <= at - policy.retentionMs()) {
            return Transition.silent(state, Outcome.TOO_OLD);
        }
        if (event instanceof OperatorOrdered order) {
            return obey(conversationId, state, order, at);
        }
        ConversationState touched = state.touched(event, at);
        if (touched.isOpen()) {
            return applyToOpen(new CommandFactory(conversationId, at), touched, event);
        }
        Opening opening = event.opening(touched, at, policy);
        if (!opening.opensHandover()) {
            // The event is merged nevertheless. If it ends a session, a late start of this session must not reopen the
            // conversation.
            return Transition.silent(merge(touched, event, at), opening.outcome());
        }
        ConversationState reopened = touched.with(touched.cycle().next(opening.began()));
        Transition applied = applyToOpen(new CommandFactory(conversationId, at), reopened, event);
        return applied.outcome() == Outcome.OPENED_AND_ENDED ? applied : applied.as(opening.outcome());
    }

    /**
     * Fires the deadline of a conversation.
     *
     * @param at the stream time. If the deadline is later, nothing changes
     */
    public Transition fire(String conversationId, ConversationState state, long at) {
        PendingEnd pending = state.pending();
        if (pending == null || pending.deadline() > at) {
            return Transition.silent(state, Outcome.DEADLINE_STALE);
        }
        if (pending.reason() == EndReason.IDLE) {
            if (policy.maxIdleMs() == 0) {
                // An operator has disabled idle ends since this deadline was set.
                return Transition.silent(state.with(state.cycle().withPending(null)), Outcome.IDLE_DISABLED);
            }
            long due = state.touchedAt() + policy.maxIdleMs();
            if (due > pending.deadline()) {
                // An event arrived after this deadline was set. Events do not move an idle deadline, because each move
                // costs more than to look again here.
                return Transition.silent(
                        state.with(state.cycle().withPending(pending.notBefore(due))), Outcome.IDLE_MOVED);
            }
        }
        return endHeld(new CommandFactory(conversationId, pending.deadline()), state, pending, pending.evidence());
    }

    /**
     * Obeys an operator. Without an open handover of that number, and without a held end to release, nothing is sent. A
     * conversation that is unknown stays so.
     */
    private Transition obey(String conversationId, ConversationState state, OperatorOrdered order, long at) {
        if (state.isNew()) {
            return Transition.silent(state, Outcome.ORDER_WITHOUT_EFFECT);
        }
        ConversationState touched = state.touched(order, at);
        if (!touched.hasOpenHandover() || touched.cycle().number() != order.cycle()) {
            return Transition.silent(touched, Outcome.ORDER_WITHOUT_EFFECT);
        }
        CommandFactory commands = new CommandFactory(conversationId, at);
        if (order.action() == Action.END) {
            // Every known session belongs to the handover that ends, also one whose events are dated after the order.
            End end = new End(touched.touchedAt(), true);
            return end(commands, touched, EndReason.OPERATOR, List.of(order.evidence()), end)
                    .as(Outcome.OPERATOR_ENDED);
        }
        PendingEnd pending = touched.pending();
        if (pending == null || pending.reason() == EndReason.IDLE) {
            return Transition.silent(touched, Outcome.ORDER_WITHOUT_EFFECT);
        }
        List<Evidence> evidence = new ArrayList<>(pending.evidence());
        evidence.add(order.evidence());
        return endHeld(commands, touched, pending, evidence).as(Outcome.OPERATOR_RELEASED);
    }

    /** Ends the handover whose end is held, and opens the next one if the customer came back meanwhile. */
    private Transition endHeld(
            CommandFactory commands, ConversationState state, PendingEnd pending, List<Evidence> evidence) {
        // The handover ends at the time of the deciding event, not at the deadline. A session that begins between these
        // two times belongs to the next handover.
        List<Evidence> facts = pending.evidence();
        End end = new End(facts.isEmpty() ? state.touchedAt() : timeOf(facts.get(facts.size() - 1)), false);
        Transition ended = end(commands, state, pending.reason(), evidence, end);
        long began = state.customer().startedAt();
        if (began <= end.time() || began <= HandoverFacts.of(state).newestEnd()) {
            return ended;
        }
        // The customer came back after everything of the handover was over, and while its end was held. So the next
        // handover opens now. If no agent comes, no later event would open it, and its customer.end would be ignored.
        HandoverFacts next =
                HandoverFacts.of(ended.state().with(ended.state().cycle().next(began)));
        ConversationState held = holding(next, Reading.of(next, policy), commands.at());
        return ended.followedBy(Transition.silent(held, ended.outcome()));
    }

    /** Ends the handover that is still open when the retention of its conversation is over. */
    public Transition expire(String conversationId, ConversationState state) {
        CommandFactory commands = new CommandFactory(conversationId, state.touchedAt() + policy.retentionMs());
        End end = new End(state.touchedAt(), false);
        return end(commands, state, EndReason.EXPIRED, List.of(), end).as(Outcome.EXPIRED);
    }

    /**
     * Applies a profile to the conversation for which it was asked. If its agent is the one announced in the open
     * handover, and name or picture differ from what was announced, another {@code agent-updated} follows. An unknown
     * agent takes no name back.
     *
     * @param at the stream time
     */
    public Transition learn(String conversationId, ConversationState state, AgentProfile profile, long at) {
        Announced announced = state.cycle().announced();
        UUID shown = Announced.hash(profile.name(), profile.imageUrl());
        if (!state.isOpen()
                || announced == null
                || announced.evidence() == null
                || !announced.agentId().equals(profile.agentId())
                || shown == null
                || shown.equals(announced.shown())) {
            return Transition.silent(state, Outcome.PROFILE_KEPT);
        }
        AgentUpdated.Agent agent = new AgentUpdated.Agent(profile.agentId(), profile.name(), profile.imageUrl());
        Announced next = new Announced(agent.id(), announced.evidence(), shown);
        CommandFactory commands = new CommandFactory(conversationId, at);
        return new Transition(
                state.with(state.cycle().withAnnounced(next)),
                List.of(commands.described(state, agent, announced.evidence(), REASON_PROFILE)),
                List.of(),
                Outcome.PROFILE_ANNOUNCED);
    }

    private ConversationState merge(ConversationState state, ConversationEvent event, long at) {
        return SessionlessEvents.named(event, state, at, policy).mergeInto(state, at, policy);
    }

    private Transition applyToOpen(CommandFactory commands, ConversationState before, ConversationEvent event) {
        long at = commands.at();
        ConversationEvent named = SessionlessEvents.named(event, before, at, policy);
        ConversationState merged = named.mergeInto(before, at, policy);
        HandoverFacts facts = HandoverFacts.of(merged);
        Reading reading = Reading.of(facts, policy);
        if (reading instanceof Reading.CustomerGone gone) {
            // The end ends a handover, so it is not kept as unmatched, unless it arrived before the start.
            Customer known = before.customer();
            Customer matched = merged.customer().ended(known.unmatchedEnd(), known.unmatchedEndAt());
            if (gone.end().equals(event.evidence())) {
                return endByCustomer(commands, merged.with(matched), gone.end());
            }
            // The customer.end arrived before the first start of its handover.
            Transition opened = decide(
                    commands, facts, Reading.of(facts), event.evidence(), named.outcome(facts, Reading.of(facts)));
            return opened.followedBy(endByCustomer(commands, opened.state(), gone.end()))
                    .as(Outcome.OPENED_AND_ENDED);
        }
        Outcome outcome = named.outcome(facts, reading);
        return decide(commands, facts, reading, event.evidence(), outcome);
    }

    /** Holds the end that the reading makes pending, and announces the agent who serves. */
    private Transition decide(
            CommandFactory commands, HandoverFacts facts, Reading reading, Evidence evidence, Outcome outcome) {
        ConversationState next = holding(facts, reading, commands.at());
        ServingAgent serving = reading instanceof Reading.GoingOn ? ServingAgent.newest(facts, policy) : null;
        Announced announced = next.cycle().announced();
        if (serving == null || (announced != null && serving.agentId().equals(announced.agentId()))) {
            return Transition.silent(next, outcome);
        }
        return announce(commands, next, serving.agentId(), evidence, outcome);
    }

    /** Announces an agent with what is known of the agent, and asks for the profile if it is unknown or old. */
    private Transition announce(
            CommandFactory commands, ConversationState state, String agentId, Evidence evidence, Outcome outcome) {
        ProfilePolicy profiles = policy.profiles();
        long at = commands.at();
        KnownAgent known = profiles.enabled() ? agents.find(agentId, at) : null;
        AgentUpdated.Agent agent = known == null
                ? new AgentUpdated.Agent(agentId, null, null)
                : new AgentUpdated.Agent(agentId, known.name(), known.imageUrl());
        boolean isFresh = known != null && known.learnedAt() + profiles.refreshMs() > at;
        Announced announced = new Announced(
                agentId, profiles.enabled() ? evidence : null, Announced.hash(agent.name(), agent.imageUrl()));
        return new Transition(
                state.with(state.cycle().withAnnounced(announced)),
                List.of(commands.announced(state, agent, evidence, reason(outcome))),
                profiles.enabled() && !isFresh
                        ? List.of(new AgentLookup(commands.conversationId(), agentId, Instant.ofEpochMilli(at)))
                        : List.of(),
                outcome);
    }

    private ConversationState holding(HandoverFacts facts, Reading reading, long at) {
        ConversationState state = facts.state();
        return state.with(state.cycle().withPending(PendingEnd.of(reading, facts, at, policy)));
    }

    /** Ends the handover, and opens the next one if a known session started after the end. */
    private Transition endByCustomer(CommandFactory commands, ConversationState state, Evidence customerEnd) {
        End end = new End(timeOf(customerEnd), true);
        Transition ended = end(commands, state, EndReason.CUSTOMER_END, List.of(customerEnd), end)
                .as(Outcome.CUSTOMER_ENDED);
        ConversationState next = startedAfter(ended.state(), end.time());
        if (!next.isOpen()) {
            return ended;
        }
        HandoverFacts facts = HandoverFacts.of(next);
        ServingAgent serving = ServingAgent.newest(facts, policy);
        long since = serving == null ? end.time() : serving.since();
        Evidence start = new Evidence("user.start", null, Instant.ofEpochMilli(since), null);
        return ended.followedBy(decide(commands, facts, Reading.of(facts, policy), start, Outcome.AGENT_STARTED));
    }

    /** The next handover with the sessions that started after this event time; the same state if there are none. */
    private static ConversationState startedAfter(ConversationState state, long end) {
        int cycle = state.cycle().number();
        long customerBegan = state.customer().startedAt();
        long began = customerBegan > end ? customerBegan : Long.MAX_VALUE;
        List<AgentSession> agents = new ArrayList<>();
        for (AgentSession session : state.sessions().agents()) {
            boolean next = session.cycle() == cycle && session.startedAt() > end;
            began = next ? Math.min(began, session.startedAt()) : began;
            agents.add(next ? session.inCycle(cycle + 1) : session);
        }
        List<QueueSession> queues = new ArrayList<>();
        for (QueueSession session : state.sessions().queues()) {
            boolean next = session.cycle() == cycle && session.enteredAt() > end;
            began = next ? Math.min(began, session.enteredAt()) : began;
            queues.add(next ? session.entered(session.enteredAt(), cycle + 1) : session);
        }
        for (FlowSession session : state.sessions().flows()) {
            boolean next = session.routing() && session.startedAt() > end;
            began = next ? Math.min(began, session.startedAt()) : began;
        }
        return began == Long.MAX_VALUE
                ? state
                : state.with(new Sessions(agents, queues, state.sessions().flows()))
                        .with(state.cycle().next(began));
    }

    private static Transition end(
            CommandFactory commands, ConversationState state, EndReason reason, List<Evidence> evidence, End end) {
        return new Transition(
                state.with(state.cycle().ended(end)),
                List.of(commands.ended(state, reason, evidence, end)),
                List.of(),
                Outcome.DEADLINE_ENDED);
    }

    private static String reason(Outcome outcome) {
        return switch (outcome) {
            case QUEUE_ANSWERED -> REASON_ANSWERED;
            case AGENT_STARTED -> REASON_STARTED;
            default -> REASON_REMAINS;
        };
    }

    private static long timeOf(Evidence evidence) {
        return evidence.eventTime().toEpochMilli();
    }
}
