package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * One agent's part in a handover. Each fact is merged by its event time, so the same events lead to the same agent
 * session in every order of arrival.
 *
 * @param id {@code s:} and the id of the session, otherwise {@code p:} and that of the participant, otherwise
 *     {@code u:} and that of the user; {@link Facts#SESSIONLESS} and a number if the old data action reports it
 * @param agentId the Genesys user, or null if no event named one
 * @param cycle the number of the handover that it belongs to
 * @param startedAt when the newest service began, by its start or by the durations of its end; {@link #UNKNOWN} if
 *     neither arrived
 * @param offered whether a queue offered the conversation; then an {@code acd.end} reports the answer
 * @param missingAcws how many earlier services under this id have ended without an acw so far
 * @param departure how the agent went, or null if the agent is not known to have gone
 * @param acw the event that completed the after-call work, or null
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

    /** The time of something that no event has reported. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** Why an agent is gone. */
    public enum Reason {
        /** The agent left without a transfer. */
        LEFT,
        /** The agent transferred the conversation, or another agent took it over. */
        TRANSFERRED,
        /** The agent was alerted and never served. */
        DECLINED
    }

    /**
     * How an agent went.
     *
     * @param at the stream time at which the event was applied
     */
    public record Departure(Reason reason, Evidence evidence, long at) {

        long time() {
            return evidence.eventTime().toEpochMilli();
        }
    }

    static AgentSession unseen(String id, int cycle) {
        return new AgentSession(id, null, cycle, UNKNOWN, false, 0, null, null);
    }

    /** Whether the agent is alerted or serves. An acw comes after the service, so it shows that the agent is gone. */
    boolean isActive() {
        return departure == null && acw == null;
    }

    boolean is(Reason reason) {
        return departure != null && departure.reason == reason;
    }

    /** Whether the agent transferred the conversation, and the event was applied at that stream time or later. */
    boolean isTransferredSince(long time) {
        return departure != null && departure.reason == Reason.TRANSFERRED && departure.at >= time;
    }

    /** When the agent went: the time of the departure, otherwise of the acw. */
    long departedAt() {
        if (departure != null) {
            return departure.time();
        }
        return acw == null ? UNKNOWN : timeOf(acw);
    }

    AgentSession inCycle(int number) {
        return new AgentSession(id, agentId, number, startedAt, offered, missingAcws, departure, acw);
    }

    /** Merges a start. A start after the departure is a new service of the agent under the same id. */
    AgentSession started(@Nullable String agent, long time, boolean byQueue) {
        if (!isActive() && time > departedAt()) {
            // Counts a declined alert as well, because Genesys does not document whether an acw follows it. An acw that
            // never arrives only delays the end of this service to the after-call-work timeout.
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
     * Merges an end. An end older than the known one changes nothing; an end before the newest start ends an earlier
     * service, whose acw is then missing.
     */
    AgentSession ended(@Nullable String agent, Departure next, long began) {
        if (departure != null && next.time() <= departure.time()) {
            return this;
        }
        if (next.time() < startedAt) {
            // The acw of the earlier service may have arrived before this end, and be kept as that of the newest.
            int missing = acw == null ? missingAcws + 1 : missingAcws;
            return new AgentSession(id, known(agent), cycle, startedAt, offered, missing, null, null);
        }
        boolean keepsAcw = acw != null && timeOf(acw) >= (departure == null ? Math.max(startedAt, began) : next.time());
        return new AgentSession(
                id, known(agent), cycle, Math.max(startedAt, began), offered, missingAcws, next, keepsAcw ? acw : null);
    }

    /** Merges an acw. While a service goes on, it is the missing acw of an earlier one, if there is such. */
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
