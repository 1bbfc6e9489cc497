package io.handover.conversation;

import org.jspecify.annotations.Nullable;

/**
 * {@code user.start}: an agent is alerted.
 *
 * @param fromQueue whether a queue offered the conversation to the agent. If so, an {@code acd.end} reports the answer
 * @param replayed whether the event comes from an archive replay. In a replay, the session may have ended long ago
 *     although its {@code user.end} has not arrived yet
 */
public record AgentStarted(
        Details details, String agentSessionId, @Nullable String agentId, boolean fromQueue, boolean replayed)
        implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        AgentSession known = state.sessions().agent(agentSessionId);
        boolean owned = state.ownsStart(time(), at, policy);
        AgentSession next = (known == null ? AgentSession.unseen(agentSessionId, state.cycleOf(owned)) : known)
                .started(agentId, time(), fromQueue);
        // If agents' events alone decided the last end, it may have been too early. Then every agent who still serves
        // belongs to this handover, even if the service began before that end.
        boolean refutes =
                mayRefute(state.cycle()) && next.isActive() && !state.customer().hasLongLeft(time(), at, policy);
        ConversationState merged = state.with(state.sessions()
                .with(owned || refutes ? next.inCycle(state.cycle().number()) : next));
        return owned ? merged.with(state.cycle().withStart(time())) : merged;
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        AgentSession session = facts.agent(agentSessionId);
        if (session.cycle() != facts.state().cycle().number()) {
            return Outcome.AFTER_END;
        }
        if (!session.isActive()) {
            return Outcome.AGENT_START_AFTER_END;
        }
        return facts.isSilent(session) ? Outcome.AGENT_JOINED : Outcome.AGENT_STARTED;
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        AgentSession known = ended.sessions().agent(agentSessionId);
        boolean refutes = mayRefute(ended.cycle()) && (known == null || known.departedAt() < time());
        return refutes
                ? Opening.byStart(ended, time(), at, policy)
                : Opening.byStartAfterEnd(ended, time(), at, policy);
    }

    /** In an archive replay, the session may be over although its end has not arrived yet. */
    private boolean mayRefute(Cycle cycle) {
        return !replayed && cycle.lastEnd() != null && !cycle.lastEnd().isFinal();
    }
}
