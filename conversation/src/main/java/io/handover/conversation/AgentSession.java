package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one agent's session. Each fact is merged by its own time, so the same events give the same leg in
 * whatever order they arrive.
 *
 * @param id {@code s:} and the session's id, else {@code p:} and the participant's, else {@code u:} and the user's;
 *     {@link Facts#SESSIONLESS} and a number for one that the old data action told of
 * @param agentId the Genesys user, or null if no event named one
 * @param cycle the handover that the leg belongs to
 * @param startedAt when the newest start happened, seen or told by durations; {@link #UNKNOWN} if neither
 * @param offered whether a queue offered the conversation, so that an answer is told of
 * @param missingAcws how often the agent went before, under this id, without the wrap-up of that having come
 * @param departure how the agent went, or null if not seen
 * @param acw the end of the after-call work, or null if not seen
 */
public record AgentSession(
        String id,
        @Nullable String agentId,
        int cycle,
        long startedAt,
        boolean offered,
        int missingAcws,
        @Nullable Departure departure,
        @Nullable Evidence acw) {

    /** The start that no event told. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** Why an agent is gone. */
    public enum Reason {
        /** The agent left, and handed over to nobody. */
        LEFT,
        /** The conversation moved on, or somebody took it over. */
        TRANSFERRED,
        /** The agent never had it. */
        DECLINED
    }

    /**
     * An agent's going.
     *
     * @param at when the log learnt of it
     */
    public record Departure(Reason reason, Evidence evidence, long at) {

        long time() {
            return evidence.eventTime().toEpochMilli();
        }
    }

    static AgentSession unseen(String id, int cycle) {
        return new AgentSession(id, null, cycle, UNKNOWN, false, 0, null, null);
    }

    /** Whether the agent is alerted or serves. After-call work can only follow: it says that the agent is gone. */
    boolean isActive() {
        return departure == null && acw == null;
    }

    boolean is(Reason reason) {
        return departure != null && departure.reason == reason;
    }

    /** Whether the log learnt at that time, or later, that this agent transferred the conversation. */
    boolean isTransferredSince(long time) {
        return departure != null && departure.reason == Reason.TRANSFERRED && departure.at >= time;
    }

    /** When the agent went, at the latest. */
    long departedAt() {
        if (departure != null) {
            return departure.time();
        }
        return acw == null ? UNKNOWN : timeOf(acw);
    }

    AgentSession inCycle(int number) {
        return new AgentSession(id, agentId, number, startedAt, offered, missingAcws, departure, acw);
    }

    /** The same agent under the same id can come again; a start after the departure is a new service. */
    AgentSession started(@Nullable String agent, long time, boolean byQueue) {
        if (!isActive() && time > departedAt()) {
            // Also of one who declined: whether a wrap-up follows a decline is nowhere said. One that never comes only
            // delays the end of this service to the after-call-work timeout, as its departure is told of too.
            int owed = missingAcws + (acw == null ? 1 : 0);
            return new AgentSession(id, known(agent), cycle, time, byQueue, owed, null, null);
        }
        return new AgentSession(
                id,
                known(agent),
                cycle,
                Math.max(startedAt, time),
                time >= startedAt ? byQueue : offered,
                missingAcws,
                departure,
                acw != null && timeOf(acw) < time ? null : acw);
    }

    /** An end before the newest start, or before a newer end, belongs to an earlier service, whose wrap-up is owed. */
    AgentSession ended(@Nullable String agent, Departure next, long began) {
        if (departure != null && next.time() <= departure.time()) {
            return this;
        }
        if (next.time() < startedAt) {
            // The wrap-up may have come before this end, and looked like that of the newest service.
            int owed = acw == null ? missingAcws + 1 : missingAcws;
            return new AgentSession(id, known(agent), cycle, startedAt, offered, owed, null, null);
        }
        boolean keepsAcw = acw != null && timeOf(acw) >= (departure == null ? Math.max(startedAt, began) : next.time());
        return new AgentSession(
                id, known(agent), cycle, Math.max(startedAt, began), offered, missingAcws, next, keepsAcw ? acw : null);
    }

    /** After-call work before the newest start belongs to an earlier service and changes nothing but what is owed. */
    AgentSession acwCompleted(@Nullable String agent, Evidence evidence) {
        if (isActive() && missingAcws > 0) {
            return new AgentSession(id, known(agent), cycle, startedAt, offered, missingAcws - 1, null, null);
        }
        if (timeOf(evidence) < startedAt || (acw != null && timeOf(evidence) <= timeOf(acw))) {
            return this;
        }
        return new AgentSession(id, known(agent), cycle, startedAt, offered, missingAcws, departure, evidence);
    }

    private static long timeOf(Evidence evidence) {
        return evidence.eventTime().toEpochMilli();
    }

    private @Nullable String known(@Nullable String agent) {
        return agent == null ? agentId : agent;
    }
}
