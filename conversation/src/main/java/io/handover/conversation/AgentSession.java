package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * One agent's part in a handover. Its events can arrive in any order: each one is merged by its event time, and the
 * result does not depend on the order of arrival.
 *
 * @param id {@code s:} and the session id; without a session id, {@code p:} and the participant id; without both,
 *     {@code u:} and the user id. An agent session of the old data action has {@link Facts#SESSIONLESS} and a number
 * @param agentId the Genesys user, or null if no event named one
 * @param cycle the number of the handover
 * @param startedAt when the newest service began, as event time. It is known from {@code user.start}, or from the
 *     durations in {@code user.end}; {@link #UNKNOWN} if no event stated it
 * @param offered whether a queue offered the conversation to the agent. If so, an {@code acd.end} reports the answer
 * @param missingAcws how many earlier services with this id have ended and have no acw yet
 * @param departure how the newest service ended, or null if no event has reported it
 * @param acw the {@code acw} event of the newest service, or null if it has not arrived
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

    /** Stands for a time that no event has reported. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** Why an agent is no longer in the handover. */
    public enum Reason {
        /** The agent left without a transfer. */
        LEFT,
        /** The agent transferred the conversation, or another agent took it over. */
        TRANSFERRED,
        /** The agent was alerted and never served. */
        DECLINED
    }

    /**
     * How an agent departed.
     *
     * @param at the stream time at which the {@code user.end} was applied
     */
    public record Departure(Reason reason, Evidence evidence, long at) {

        long time() {
            return evidence.eventTime().toEpochMilli();
        }
    }

    static AgentSession unseen(String id, int cycle) {
        return new AgentSession(id, null, cycle, UNKNOWN, false, 0, null, null);
    }

    /**
     * Whether the agent is alerted or serves. An acw comes after the service: with an acw, the agent is gone, even if
     * the {@code user.end} is missing.
     */
    boolean isActive() {
        return departure == null && acw == null;
    }

    boolean is(Reason reason) {
        return departure != null && departure.reason == reason;
    }

    /** Whether the agent's transfer was applied at stream time {@code time} or later. */
    boolean isTransferredSince(long time) {
        return departure != null && departure.reason == Reason.TRANSFERRED && departure.at >= time;
    }

    /** The event time of the departure; without a departure, of the acw; without both, {@link #UNKNOWN}. */
    long departedAt() {
        if (departure != null) {
            return departure.time();
        }
        return acw == null ? UNKNOWN : timeOf(acw);
    }

    AgentSession inCycle(int number) {
        return new AgentSession(id, agentId, number, startedAt, offered, missingAcws, departure, acw);
    }

    /** Merges a {@code user.start}. If the agent has departed before it, a new service begins with the same id. */
    AgentSession started(@Nullable String agent, long time, boolean byQueue) {
        if (!isActive() && time > departedAt()) {
            // A declined alert counts, too: Genesys does not document whether an acw follows a declined alert. If none
            // follows, the end of the new service may have to wait for the after-call-work timeout.
            int missing = missingAcws + (acw == null ? 1 : 0);
            return new AgentSession(id, known(agent), cycle, time, byQueue, missing, null, null);
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

    /**
     * Merges a {@code user.end}. If it is not newer than the known {@code user.end}, nothing changes. If it is older
     * than the newest start, it ended an earlier service; without a known acw, the acw of that service counts as
     * missing.
     */
    AgentSession ended(@Nullable String agent, Departure next, long began) {
        if (departure != null && next.time() <= departure.time()) {
            return this;
        }
        if (next.time() < startedAt) {
            // A known acw counts as the acw of the earlier service: it may have arrived before this user.end.
            int missing = acw == null ? missingAcws + 1 : missingAcws;
            return new AgentSession(id, known(agent), cycle, startedAt, offered, missing, null, null);
        }
        boolean keepsAcw = acw != null && timeOf(acw) >= (departure == null ? Math.max(startedAt, began) : next.time());
        return new AgentSession(
                id, known(agent), cycle, Math.max(startedAt, began), offered, missingAcws, next, keepsAcw ? acw : null);
    }

    /**
     * Merges an acw. While the agent is active, the acw belongs to an earlier service, if an earlier service has none
     * yet.
     */
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
