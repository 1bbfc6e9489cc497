package io.handover.conversation;

import io.handover.conversation.AgentSession.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The facts of the current handover, taken from the sessions of a conversation. Sessions of other handovers are left
 * out.
 *
 * <p>Some agents only join others, and may be silent: supervisors who monitor or coach. A {@code user.start} does not
 * say whether an agent only listens. So an agent whom no queue offered the conversation, and who starts while another
 * agent serves, is silent until that agent transferred the conversation, or left and did the after-call work.
 */
public final class HandoverFacts {

    private static final Comparator<AgentSession> BY_START =
            Comparator.comparingLong(AgentSession::startedAt).thenComparing(AgentSession::id);

    /**
     * Orders departures by time; the newest decides. At equal times a transfer decides, so no end is due. An end that
     * is sent too late is corrected by {@code customer.end}. An end that is sent too early cannot be taken back.
     */
    private static final Comparator<AgentSession> BY_DEPARTURE = Comparator.comparingLong(AgentSession::departedAt)
            .thenComparing(session -> session.is(Reason.TRANSFERRED))
            .thenComparing(session -> session.departure() == null)
            .thenComparing(AgentSession::id);

    private final ConversationState state;

    /** The agents of the handover who did not decline, in the order in which they started. */
    private final List<AgentSession> agents;

    /** When each agent stopped being silent, as event time; {@link Long#MAX_VALUE} for not yet. */
    private final long[] voicedAt;

    private HandoverFacts(ConversationState state, List<AgentSession> agents) {
        this.state = state;
        this.agents = agents;
        this.voicedAt = new long[agents.size()];
        for (int i = 0; i < voicedAt.length; i++) {
            AgentSession agent = agents.get(i);
            voicedAt[i] = agent.startedAt();
            boolean mayJoin = Boolean.FALSE.equals(agent.service().offered());
            for (int j = 0; j < i && mayJoin; j++) {
                AgentSession earlier = agents.get(j);
                boolean served = earlier.isActive() || earlier.departedAt() > agent.startedAt();
                if (served && voicedAt[j] <= agent.startedAt()) {
                    voicedAt[i] = Math.max(voicedAt[i], earlier.releasedAt());
                }
            }
        }
    }

    public static HandoverFacts of(ConversationState state) {
        List<AgentSession> agents = new ArrayList<>();
        for (AgentSession session : state.sessions().agents()) {
            // An agent who declined never served, so nobody joined this agent.
            if (session.cycle() == state.cycle().number() && !session.is(Reason.DECLINED)) {
                agents.add(session);
            }
        }
        agents.sort(BY_START);
        return new HandoverFacts(state, agents);
    }

    ConversationState state() {
        return state;
    }

    /** The agents of the handover who did not decline, in the order in which they started. */
    List<AgentSession> agents() {
        return agents;
    }

    /** The agent session that an event was merged into. */
    AgentSession agent(String id) {
        return merged(state.sessions().agent(id));
    }

    /** The queue session that an event was merged into. */
    QueueSession queue(String id) {
        return merged(state.sessions().queue(id));
    }

    /** The flow session that an event was merged into. */
    FlowSession flow(String id) {
        return merged(state.sessions().flow(id));
    }

    private static <T> T merged(@Nullable T session) {
        return Objects.requireNonNull(session, "Expected the merged session in the state, but it is missing");
    }

    boolean isServed() {
        for (AgentSession session : agents) {
            if (session.isActive()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the agent is silent; of an agent who is gone, whether the agent was silent until the departure. */
    public boolean isSilent(AgentSession session) {
        int agent = agents.indexOf(session);
        return agent >= 0
                && (session.isActive() ? voicedAt[agent] == Long.MAX_VALUE : voicedAt[agent] > session.departedAt());
    }

    /**
     * Whether the conversation waits in this queue. The start of an agent ends every earlier wait, but not the start of
     * an agent who joined silently, or who declined: the queue offers the conversation to other agents. A flow that
     * disconnects the conversation ends every earlier wait, too.
     */
    boolean isWaiting(QueueSession session) {
        return session.cycle() == state.cycle().number()
                && session.isWaiting()
                && session.enteredAt() > newestVoicedStart()
                && session.enteredAt() > newestDisconnect();
    }

    private long newestVoicedStart() {
        for (int i = voicedAt.length - 1; i >= 0; i--) {
            if (voicedAt[i] == agents.get(i).startedAt()) {
                return voicedAt[i];
            }
        }
        return AgentSession.UNKNOWN;
    }

    private long newestDisconnect() {
        long newest = AgentSession.UNKNOWN;
        for (FlowSession session : state.sessions().flows()) {
            if (state.owns(session) && session.exit() == FlowSession.Exit.DISCONNECTED) {
                newest = Math.max(newest, session.departedAt());
            }
        }
        return newest;
    }

    /** The queue in which the conversation waits, or null. */
    @Nullable
    QueueSession waiting() {
        for (QueueSession session : state.sessions().queues()) {
            if (isWaiting(session)) {
                return session;
            }
        }
        return null;
    }

    /** The newest routing flow that runs since this event time or later, or null. */
    @Nullable
    FlowSession routingSince(long time) {
        FlowSession newest = null;
        for (FlowSession session : state.sessions().flows()) {
            if (state.owns(session)
                    && session.hasConversation()
                    && session.startedAt() >= (newest == null ? time : newest.startedAt())) {
                newest = session;
            }
        }
        return newest;
    }

    /**
     * The session that departed last, or null. Agents who declined do not count; agents who joined silently count only
     * if they transferred the conversation. At equal times, an agent counts before a queue, and a queue before a flow.
     */
    @Nullable
    Session lastDeparted() {
        Session last = null;
        for (AgentSession session : agents) {
            boolean counts = !session.isActive() && (session.is(Reason.TRANSFERRED) || !isSilent(session));
            if (counts && (!(last instanceof AgentSession agent) || BY_DEPARTURE.compare(session, agent) > 0)) {
                last = session;
            }
        }
        for (QueueSession session : state.sessions().queues()) {
            if (session.left() != null && state.owns(session) && isNewer(session, last)) {
                last = session;
            }
        }
        for (FlowSession session : state.sessions().flows()) {
            if (session.isDeparture() && state.owns(session) && isNewer(session, last)) {
                last = session;
            }
        }
        return last;
    }

    /** The event time of the newest end of any session, also of one that does not count as a departure. */
    long newestEnd() {
        long newest = AgentSession.UNKNOWN;
        for (AgentSession session : agents) {
            newest = Math.max(newest, session.departedAt());
        }
        for (QueueSession session : state.sessions().queues()) {
            newest = state.owns(session) ? Math.max(newest, session.departedAt()) : newest;
        }
        for (FlowSession session : state.sessions().flows()) {
            newest = state.owns(session) ? Math.max(newest, session.departedAt()) : newest;
        }
        return newest;
    }

    /** At equal times, the greater id decides among queues, and among flows: not the order of arrival. */
    private static boolean isNewer(Session session, @Nullable Session last) {
        if (last == null || session.departedAt() > last.departedAt()) {
            return true;
        }
        return session.departedAt() == last.departedAt()
                && session.getClass() == last.getClass()
                && session.id().compareTo(last.id()) > 0;
    }
}
