package io.handover.conversation;

import io.handover.conversation.AgentSession.Reason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code acw}: an agent finished the after-call work.
 *
 * @param agentSessionId null if the old data action reported the event, until {@link SessionlessEvents} adds the id
 * @param sessionless whether the old data action reported the event
 */
public record AfterCallWorkCompleted(
        Details details,
        @Nullable String agentSessionId,
        @Nullable String agentId,
        boolean sessionless) implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        AgentSession known = state.sessions().agent(id());
        boolean owned = state.cycle().ownsFact(time());
        AgentSession next = (known == null ? AgentSession.unseen(id(), state.cycleOf(owned)) : known)
                .acwCompleted(agentId, evidence());
        return state.with(state.sessions().with(next));
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        AgentSession session = facts.agent(id());
        if (session.cycle() != facts.state().cycle().number()) {
            return Outcome.AFTER_END;
        }
        if (session.is(Reason.TRANSFERRED) || session.is(Reason.DECLINED)) {
            return sessionless ? Outcome.LEGLESS_WRAP_UP_OF_TRANSFER : Outcome.WRAP_UP_OF_TRANSFER;
        }
        if (!evidence().equals(session.acw())) {
            // The acw of an earlier service, or an acw that a newer one has replaced.
            return Outcome.NOTED;
        }
        if (!reading.isDecidedBy(session) || !(reading instanceof Reading.Over)) {
            return Outcome.ofOthers(reading, Outcome.WRAP_UP_NOTED, Outcome.WRAP_UP_EARLIER);
        }
        if (session.departure() != null) {
            return Outcome.WRAP_UP;
        }
        return sessionless ? Outcome.LEGLESS_WRAP_UP_HELD : Outcome.WRAP_UP_HELD;
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        return agentSessionId == null ? SessionlessEvents.opening(this, ended, policy) : Opening.NONE;
    }

    private String id() {
        return Objects.requireNonNull(agentSessionId, "Expected the event to have a session, but it has none");
    }
}
