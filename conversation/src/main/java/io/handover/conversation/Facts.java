package io.handover.conversation;

import io.handover.conversation.ConversationEvent.AfterCallWorkCompleted;
import io.handover.conversation.ConversationEvent.AgentEnded;
import io.handover.conversation.ConversationEvent.AgentStarted;
import io.handover.conversation.ConversationEvent.CustomerStarted;
import io.handover.conversation.ConversationEvent.FlowStarted;
import io.handover.conversation.ConversationEvent.QueueEntered;
import io.handover.conversation.ConversationEvent.QueueLeft;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Merges events into the facts of a conversation. The facts do not depend on the order of arrival.
 *
 * <p>A new session belongs to the open handover if it began after the end of the previous handover. Otherwise it
 * belongs to the previous handover, and has no effect on the open one.
 */
final class Facts {

    /**
     * The id prefix of agent sessions of the old data action, which sends no session ids. The ids of other agent
     * sessions have other prefixes, so they cannot collide.
     */
    static final String SESSIONLESS = "legless:";

    private Facts() {}

    static ConversationState merge(ConversationState state, ConversationEvent event, long at, TransferPolicy policy) {
        if (event instanceof AgentStarted started && started.agentSessionId() != null) {
            return state.withStart(event.time()).with(started(state, started, started.agentSessionId()));
        }
        if (event instanceof AgentEnded ended) {
            return state.with(ended(state, ended, agentSessionId(state, ended), at));
        }
        if (event instanceof AfterCallWorkCompleted completed) {
            return state.with(acwCompleted(state, completed, agentSessionId(state, completed, at, policy)));
        }
        if (event instanceof QueueEntered entered) {
            return state.withStart(event.time()).with(entered(state, entered));
        }
        if (event instanceof QueueLeft left) {
            return state.with(left(state, left));
        }
        if (event instanceof CustomerStarted) {
            return state.withStart(event.time())
                    .with(state.customer().started(event.details().sessionId(), event.time()));
        }
        return event instanceof FlowStarted ? state.withStart(event.time()) : state;
    }

    /**
     * The id of the agent session that ended. If the event states no id: the id of the newest agent session of the old
     * data action that has an acw and no end, otherwise a new id.
     */
    static String agentSessionId(ConversationState state, AgentEnded event) {
        if (event.agentSessionId() != null) {
            return event.agentSessionId();
        }
        return idOr(state, newestOf(state, session -> isSessionless(session) && session.departure() == null));
    }

    /**
     * The id of the agent session that an acw belongs to.
     *
     * <p>If the event states no id, it is the newest agent session without an acw that was transferred within the
     * transfer timeout. If there is none, it is the newest agent session of the old data action that left and has no
     * acw. If there is none, it is a new id.
     */
    static String agentSessionId(
            ConversationState state, AfterCallWorkCompleted event, long at, TransferPolicy policy) {
        if (event.agentSessionId() != null) {
            return event.agentSessionId();
        }
        AgentSession transferred = newestOf(
                state, session -> session.acw() == null && session.isTransferredSince(at - policy.transferTimeoutMs()));
        return idOr(state, transferred != null ? transferred : sessionlessAwaitingAcw(state));
    }

    /** The newest agent session of the old data action that has left and has no acw yet, or null. */
    static @Nullable AgentSession sessionlessAwaitingAcw(ConversationState state) {
        return newestOf(
                state,
                session -> isSessionless(session) && session.acw() == null && session.is(AgentSession.Reason.LEFT));
    }

    /** Whether all agent sessions of the old data action have an end and an acw. Declined ones need no acw. */
    static boolean isSessionlessComplete(ConversationState state) {
        return newestOf(
                        state,
                        session -> isSessionless(session)
                                && !session.is(AgentSession.Reason.DECLINED)
                                && (session.departure() == null || session.acw() == null))
                == null;
    }

    private static AgentSession started(ConversationState state, AgentStarted event, String agentSessionId) {
        AgentSession known = state.agentSession(agentSessionId);
        boolean owned = state.ownsStart(event.time());
        // If agents' events alone decided the last end, it may have been too early. Then every agent who still serves
        // belongs to this handover, even if the service began before that end. In an archive replay, such a start does
        // not count: the session may be over although its end has not arrived yet.
        boolean refutes =
                !event.replayed() && state.lastEnd() != null && !state.lastEnd().byCustomer();
        AgentSession next = (known == null ? AgentSession.unseen(agentSessionId, cycle(state, owned)) : known)
                .started(event.agentId(), event.time(), event.fromQueue());
        return owned || (refutes && next.isActive()) ? next.inCycle(state.cycle()) : next;
    }

    private static AgentSession ended(ConversationState state, AgentEnded event, String agentSessionId, long at) {
        AgentSession known = state.agentSession(agentSessionId);
        boolean owned = event.hasDurations() ? state.ownsStart(event.began()) : state.ownsFact(event.time());
        AgentSession next = (known == null ? AgentSession.unseen(agentSessionId, cycle(state, owned)) : known)
                .ended(
                        event.agentId(),
                        new AgentSession.Departure(
                                event.reason(), event.details().evidence(), at),
                        event.hasDurations() ? event.began() : AgentSession.UNKNOWN);
        // An id can be used again in a later handover. The durations show in which handover this session ended.
        return owned && event.hasDurations() ? next.inCycle(state.cycle()) : next;
    }

    private static AgentSession acwCompleted(
            ConversationState state, AfterCallWorkCompleted event, String agentSessionId) {
        AgentSession known = state.agentSession(agentSessionId);
        return (known == null ? AgentSession.unseen(agentSessionId, cycle(state, state.ownsFact(event.time()))) : known)
                .acwCompleted(event.agentId(), event.details().evidence());
    }

    private static QueueSession entered(ConversationState state, QueueEntered event) {
        QueueSession known = state.queueSession(event.queueSessionId());
        boolean owned = state.ownsStart(event.time());
        QueueSession session = known == null ? QueueSession.unseen(event.queueSessionId(), cycle(state, owned)) : known;
        return session.entered(event.time(), owned ? state.cycle() : session.cycle());
    }

    private static QueueSession left(ConversationState state, QueueLeft event) {
        QueueSession known = state.queueSession(event.queueSessionId());
        return (known == null
                        ? QueueSession.unseen(event.queueSessionId(), cycle(state, state.ownsFact(event.time())))
                        : known)
                .left(event.details().evidence(), event.exit(), event.answeredBy());
    }

    private static int cycle(ConversationState state, boolean owned) {
        return owned || !state.open() ? state.cycle() : state.cycle() - 1;
    }

    private static @Nullable AgentSession newestOf(ConversationState state, Predicate<AgentSession> matching) {
        return state.newestAgentSession(session -> session.cycle() == state.cycle() && matching.test(session));
    }

    private static boolean isSessionless(AgentSession session) {
        return session.id().startsWith(SESSIONLESS);
    }

    private static String idOr(ConversationState state, @Nullable AgentSession session) {
        if (session != null) {
            return session.id();
        }
        AgentSession newest = state.newestAgentSession(Facts::isSessionless);
        return SESSIONLESS + (newest == null ? 1 : Integer.parseInt(newest.id().substring(SESSIONLESS.length())) + 1);
    }
}
