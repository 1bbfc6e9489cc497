package io.handover.conversation;

import io.handover.conversation.TransferPolicy.AnnounceOn;
import org.jspecify.annotations.Nullable;

/**
 * Who serves an open handover now: of the agents who are there, the one who came last. Read from the facts, so it is the
 * same for every order of arrival, and falls back to who is still there when the one who came last is gone.
 */
final class ServingAgent {

    /** An agent who is there, and since when. */
    record Serving(String agentId, long since) {

        private boolean isAfter(@Nullable Serving other) {
            // At equal times by id: whoever's event arrives first must not matter.
            return other == null
                    || since > other.since
                    || (since == other.since && agentId.compareTo(other.agentId) > 0);
        }
    }

    private ServingAgent() {}

    static @Nullable Serving newest(ConversationState state, TransferPolicy policy) {
        boolean onAnswer = policy.announceOn() == AnnounceOn.ANSWER;
        Serving newest = null;
        for (AgentSession session : state.agentSessions()) {
            if (session.cycle() == state.cycle()
                    && session.isActive()
                    && session.agentId() != null
                    && !(onAnswer && session.offered())) {
                Serving serving = new Serving(session.agentId(), session.startedAt());
                newest = serving.isAfter(newest) ? serving : newest;
            }
        }
        if (onAnswer) {
            for (QueueSession session : state.queueSessions()) {
                if (state.owns(session)
                        && session.answeredBy() != null
                        && !isGoneSince(state, session.answeredBy(), session.leftAt())) {
                    Serving serving = new Serving(session.answeredBy(), session.leftAt());
                    newest = serving.isAfter(newest) ? serving : newest;
                }
            }
        }
        return newest;
    }

    private static boolean isGoneSince(ConversationState state, String agentId, long answeredAt) {
        boolean gone = false;
        for (AgentSession session : state.agentSessions()) {
            if (session.cycle() == state.cycle() && agentId.equals(session.agentId())) {
                if (session.isActive()) {
                    return false;
                }
                gone |= session.departedAt() >= answeredAt;
            }
        }
        return gone;
    }
}
