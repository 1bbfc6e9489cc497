package io.handover.conversation.fold;

import io.handover.conversation.KnownAgent;
import io.handover.conversation.ProfilePolicy;
import io.handover.schema.AgentProfile;
import org.jspecify.annotations.Nullable;

/** The agents whose profiles are in the log. A profile is forgotten when its retention is over. */
final class Agents implements KnownAgent.View {

    private final ProfilePolicy policy;
    private final ConversationStore store;

    Agents(ProfilePolicy policy, ConversationStore store) {
        this.policy = policy;
        this.store = store;
    }

    @Override
    public @Nullable KnownAgent find(String agentId, long at) {
        StoredAgent stored = store.loadAgent(agentId);
        // The timer of a profile fires late if many are due, so the time decides here.
        return stored == null || forgottenAt(stored) <= at ? null : stored.agent();
    }

    /**
     * Keeps a profile if profiles are on. A profile without a conversation and a name makes the agent forgotten, also if they
     * are off: what was kept while they were on must not stay. A new profile does not move the timer of the old one: that
     * timer fires early, and is armed again.
     */
    void keep(AgentProfile profile, long at) {
        boolean isForgotten = profile.conversationId() == null && profile.name() == null;
        if (!isForgotten && !policy.enabled()) {
            return;
        }
        StoredAgent before = store.loadAgent(profile.agentId());
        if (isForgotten) {
            if (before != null) {
                store.disarm(Timer.ofAgent(before.timerAt(), profile.agentId()));
                store.deleteAgent(profile.agentId());
            }
            return;
        }
        KnownAgent agent = new KnownAgent(profile.name(), profile.imageUrl(), at);
        long due = before == null ? at + policy.retentionMs() : before.timerAt();
        if (before == null) {
            store.arm(Timer.ofAgent(due, profile.agentId()));
        }
        store.putAgent(profile.agentId(), new StoredAgent(due, agent));
    }

    /** Forgets a profile whose retention is over. If it was refreshed meanwhile, its timer is set again. */
    void timerFired(Timer timer, long at) {
        StoredAgent stored = store.loadAgent(timer.id());
        if (stored == null || stored.timerAt() != timer.deadline()) {
            return;
        }
        long due = forgottenAt(stored);
        if (due <= at) {
            store.deleteAgent(timer.id());
            return;
        }
        store.arm(Timer.ofAgent(due, timer.id()));
        store.putAgent(timer.id(), new StoredAgent(due, stored.agent()));
    }

    private long forgottenAt(StoredAgent stored) {
        return stored.agent().learnedAt() + policy.retentionMs();
    }
}
