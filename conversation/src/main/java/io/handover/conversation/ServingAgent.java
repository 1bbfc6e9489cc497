package io.handover.conversation;

import io.handover.conversation.TransferPolicy.AnnounceOn;
import org.jspecify.annotations.Nullable;

/**
 * The agent who serves an open handover now, and is not silent. If several agents serve, it is the agent who came last.
 * When this agent leaves, it is the agent who came before. The order in which the events arrive does not matter.
 *
 * @param since when the agent's service began, or when the agent answered from a queue
 */
record ServingAgent(String agentId, long since) {

    static @Nullable ServingAgent newest(HandoverFacts facts, TransferPolicy policy) {
        boolean onAnswer = policy.announceOn() == AnnounceOn.ANSWER;
        ServingAgent newest = null;
        for (AgentSession session : facts.agents()) {
            if (session.isActive()
                    && session.agentId() != null
                    && !(onAnswer && Boolean.TRUE.equals(session.service().offered()))
                    && !facts.isSilent(session)) {
                newest = later(newest, session.agentId(), session.startedAt());
            }
        }
        if (onAnswer) {
            ConversationState state = facts.state();
            for (QueueSession session : state.sessions().queues()) {
                if (state.owns(session)
                        && session.answeredBy() != null
                        && !isGoneSince(state, session.answeredBy(), session.departedAt())) {
                    newest = later(newest, session.answeredBy(), session.departedAt());
                }
            }
        }
        return newest;
    }

    /**
     * The agent who came later. At equal times, the greater id decides, because the order of arrival must not matter.
     */
    private static ServingAgent later(@Nullable ServingAgent known, String agentId, long since) {
        return known == null || since > known.since || (since == known.since && agentId.compareTo(known.agentId) > 0)
                ? new ServingAgent(agentId, since)
                : known;
    }

    private static boolean isGoneSince(ConversationState state, String agentId, long answeredAt) {
        boolean gone = false;
        for (AgentSession session : state.sessions().agents()) {
            if (session.cycle() == state.cycle().number() && agentId.equals(session.agentId())) {
                if (session.isActive()) {
                    return false;
                }
                gone |= session.departedAt() >= answeredAt;
            }
        }
        return gone;
    }
}
