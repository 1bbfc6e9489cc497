package io.handover.conversation;

import io.handover.conversation.AgentSession.Departure;
import io.handover.conversation.AgentSession.Reason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code user.end}: an agent's session ended.
 *
 * @param agentSessionId null if the old data action reported the event, until {@link SessionlessEvents} adds the id
 * @param otherMs how long the session was on hold, contacting, dialing or in a callback
 */
public record AgentEnded(
        Details details,
        @Nullable String agentSessionId,
        @Nullable String agentId,
        long interactingMs,
        long alertingMs,
        long otherMs)
        implements ConversationEvent {

    @Override
    public ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy) {
        AgentSession known = state.sessions().agent(id());
        boolean owned = hasDurations()
                ? state.cycle().isAfterLastEnd(began())
                : state.cycle().ownsFact(time());
        AgentSession session = known == null ? AgentSession.unseen(id(), state.cycleOf(owned)) : known;
        // The durations determine the handover in which the session began: a later one, if the id is used again; or an
        // earlier one, if only its acw was known.
        if (hasDurations() && (owned || session.startedAt() == AgentSession.UNKNOWN)) {
            session = session.inCycle(state.cycleOf(owned));
        }
        Departure departure = new Departure(reason(), evidence(), at);
        return state.with(state.sessions()
                .with(session.ended(agentId, departure, hasDurations() ? began() : AgentSession.UNKNOWN)));
    }

    @Override
    public Outcome outcome(HandoverFacts facts, Reading reading) {
        AgentSession session = facts.agent(id());
        if (session.cycle() != facts.state().cycle().number()) {
            return Outcome.AFTER_END;
        }
        Departure departure = session.departure();
        if (departure == null || !departure.evidence().equals(evidence())) {
            // The end of an earlier service, or an end that a newer one has replaced.
            return Outcome.NOTED;
        }
        return switch (departure.reason()) {
            case TRANSFERRED -> Outcome.AGENT_TRANSFERRED;
            case DECLINED -> Outcome.AGENT_DECLINED;
            case LEFT -> {
                if (reading.isDecidedBy(session) && reading instanceof Reading.Over) {
                    yield session.acw() == null ? Outcome.AGENT_LEFT : Outcome.AGENT_LEFT_WRAPPED_UP;
                }
                yield Outcome.ofOthers(reading, Outcome.AGENT_LEFT_OTHERS, Outcome.AGENT_LEFT_EARLIER);
            }
        };
    }

    @Override
    public Opening opening(ConversationState ended, long at, TransferPolicy policy) {
        if (agentSessionId == null) {
            return SessionlessEvents.opening(this, ended, policy);
        }
        AgentSession known = ended.sessions().agent(agentSessionId);
        boolean isNew =
                known == null || known.departure() == null || known.departure().time() < began();
        return isNew && hasDurations() && ended.cycle().isAfterLastEnd(began()) ? Opening.byEnd(began()) : Opening.NONE;
    }

    /** Why the agent is gone. */
    public Reason reason() {
        String type = evidence().disconnectType();
        if (DisconnectType.isDeclined(type)) {
            return Reason.DECLINED;
        }
        if (DisconnectType.isTransfer(type)) {
            return Reason.TRANSFERRED;
        }
        return interactingMs == 0 && alertingMs > 0 ? Reason.DECLINED : Reason.LEFT;
    }

    /** Whether the event states durations. Without durations, it is unknown when the session began. */
    public boolean hasDurations() {
        return interactingMs + alertingMs + otherMs > 0;
    }

    /** When the session began, by its durations (epoch ms). Valid only if {@link #hasDurations}. */
    public long began() {
        return time() - interactingMs - alertingMs - otherMs;
    }

    private String id() {
        return Objects.requireNonNull(agentSessionId, "Expected the event to have a session, but it has none");
    }
}
