package io.handover.conversation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a conversation, oldest first. Those of earlier handovers are kept because late events belong to them.
 * Immutable.
 */
public record Sessions(List<AgentSession> agents, List<QueueSession> queues, List<FlowSession> flows) {

    /** Limits the size of the state if forged events name many sessions. Real conversations have far fewer. */
    static final int MAX = 64;

    static final Sessions NONE = new Sessions(List.of(), List.of(), List.of());

    public Sessions {
        agents = List.copyOf(agents);
        queues = List.copyOf(queues);
        flows = List.copyOf(flows);
    }

    boolean isEmpty() {
        return agents.isEmpty() && queues.isEmpty() && flows.isEmpty();
    }

    /**
     * Returns the earliest of this time and the times of the sessions: the start of each, or its end if no event stated
     * the start.
     *
     * @param time {@link AgentSession#UNKNOWN} for none
     */
    long earliest(long time) {
        long earliest = time == AgentSession.UNKNOWN ? Long.MAX_VALUE : time;
        for (AgentSession agent : agents) {
            earliest = Math.min(earliest, firstKnown(agent.startedAt(), agent));
        }
        for (QueueSession queue : queues) {
            earliest = Math.min(earliest, firstKnown(queue.enteredAt(), queue));
        }
        for (FlowSession flow : flows) {
            earliest = Math.min(earliest, firstKnown(flow.startedAt(), flow));
        }
        return earliest;
    }

    private static long firstKnown(long startedAt, Session session) {
        long known = startedAt == AgentSession.UNKNOWN ? session.departedAt() : startedAt;
        return known == AgentSession.UNKNOWN ? Long.MAX_VALUE : known;
    }

    @Nullable
    AgentSession agent(String id) {
        return find(agents, id);
    }

    @Nullable
    QueueSession queue(String id) {
        return find(queues, id);
    }

    @Nullable
    FlowSession flow(String id) {
        return find(flows, id);
    }

    @Nullable
    AgentSession newestAgent(Predicate<AgentSession> matching) {
        for (int i = agents.size() - 1; i >= 0; i--) {
            if (matching.test(agents.get(i))) {
                return agents.get(i);
            }
        }
        return null;
    }

    Sessions with(AgentSession session) {
        // Agents who declined are removed first, then other agents who are gone: later events hardly concern them.
        List<AgentSession> next = put(
                agents, session, List.of(known -> known.is(AgentSession.Reason.DECLINED), known -> !known.isActive()));
        return new Sessions(next, queues, flows);
    }

    Sessions with(QueueSession session) {
        List<QueueSession> next =
                put(queues, session, List.of(known -> known.cycle() < session.cycle(), known -> !known.isWaiting()));
        return new Sessions(agents, next, flows);
    }

    Sessions with(FlowSession session) {
        List<FlowSession> next = put(flows, session, List.of(known -> !known.hasConversation()));
        return new Sessions(agents, queues, next);
    }

    /** The same sessions; each event that can never be evidence of an end is reduced to its time. */
    Sessions withoutSpentEvidence() {
        List<AgentSession> lessAgents = map(agents, AgentSession::withoutSpentEvidence);
        List<QueueSession> lessQueues = map(queues, QueueSession::withoutSpentEvidence);
        List<FlowSession> lessFlows = map(flows, FlowSession::withoutSpentEvidence);
        boolean same = lessAgents == agents && lessQueues == queues && lessFlows == flows;
        return same ? this : new Sessions(lessAgents, lessQueues, lessFlows);
    }

    /** Returns the same list if the operation returns the same elements. */
    private static <T> List<T> map(List<T> sessions, UnaryOperator<T> operation) {
        List<T> changed = sessions;
        for (int i = 0; i < sessions.size(); i++) {
            T next = operation.apply(sessions.get(i));
            if (next != sessions.get(i)) {
                changed = changed == sessions ? new ArrayList<>(sessions) : changed;
                changed.set(i, next);
            }
        }
        return changed;
    }

    private static <T extends Session> @Nullable T find(List<T> sessions, String id) {
        for (T session : sessions) {
            if (session.id().equals(id)) {
                return session;
            }
        }
        return null;
    }

    /**
     * Replaces the session with this id, or adds it. If there are too many, one is removed: the oldest that meets the
     * first condition; if there is none, the oldest that meets the next condition; if none meets any, the oldest of all.
     */
    private static <T extends Session> List<T> put(List<T> sessions, T session, List<Predicate<T>> removable) {
        List<T> next = new ArrayList<>(sessions);
        for (int i = 0; i < next.size(); i++) {
            if (next.get(i).id().equals(session.id())) {
                next.set(i, session);
                return next;
            }
        }
        if (next.size() == MAX) {
            removeFirst(next, removable);
        }
        next.add(session);
        return next;
    }

    private static <T> void removeFirst(List<T> sessions, List<Predicate<T>> removable) {
        for (Predicate<T> condition : removable) {
            for (int i = 0; i < sessions.size(); i++) {
                if (condition.test(sessions.get(i))) {
                    sessions.remove(i);
                    return;
                }
            }
        }
        sessions.remove(0);
    }
}
