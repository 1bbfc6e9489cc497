package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * One agent's part in a handover. Its events can arrive in any order: each one is merged by its event time, and the
 * result does not depend on the order of arrival.
 *
 * @param id {@code s:} and the session id; without a session id, {@code p:} and the participant id; without both,
 *     {@code u:} and the user id. {@link SessionlessEvents} gives ids to the events of the old data action
 * @param agentId the Genesys user, or null if no event named one
 * @param cycle the number of the handover
 * @param service the newest service
 * @param missingAcws how many earlier services with this id have ended and have no acw yet
 */
public record AgentSession(String id, @Nullable String agentId, int cycle, Service service, int missingAcws)
        implements Session {

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

    /**
     * A service: an agent is alerted, serves, departs and does the after-call work. An id can be used for several.
     *
     * @param startedAt when it began, as event time. It is known from {@code user.start}, or from the durations in
     *     {@code user.end}; {@link #UNKNOWN} if no event stated it
     * @param offered whether a queue offered the conversation to the agent, so that an {@code acd.end} reports the
     *     answer; null if no {@code user.start} has arrived
     * @param departure how it ended, or null if no event has reported it
     * @param acw its {@code acw} event, or null if it has not arrived
     */
    public record Service(
            long startedAt,
            @Nullable Boolean offered,
            @Nullable Departure departure,
            @Nullable Evidence acw) {}

    static AgentSession unseen(String id, int cycle) {
        return new AgentSession(id, null, cycle, new Service(UNKNOWN, null, null, null), 0);
    }

    public long startedAt() {
        return service.startedAt;
    }

    public @Nullable Departure departure() {
        return service.departure;
    }

    public @Nullable Evidence acw() {
        return service.acw;
    }

    /**
     * Whether the agent is alerted or serves. An acw comes after the service: with an acw, the agent is gone, even if
     * the {@code user.end} is missing.
     */
    public boolean isActive() {
        return service.departure == null && service.acw == null;
    }

    boolean is(Reason reason) {
        return service.departure != null && service.departure.reason == reason;
    }

    /** Whether the agent's transfer was applied at stream time {@code time} or later. */
    boolean isTransferredSince(long time) {
        Departure departure = service.departure;
        return departure != null && departure.reason == Reason.TRANSFERRED && departure.at >= time;
    }

    /** The event time of the departure; without a departure, of the acw; without both, {@link #UNKNOWN}. */
    @Override
    public long departedAt() {
        if (service.departure != null) {
            return service.departure.time();
        }
        return service.acw == null ? UNKNOWN : timeOf(service.acw);
    }

    /**
     * The event time since which another agent may have taken over: when this agent transferred the conversation, or
     * had left and done the after-call work. {@link Long#MAX_VALUE} until then.
     */
    long releasedAt() {
        if (is(Reason.TRANSFERRED)) {
            return departedAt();
        }
        return service.acw == null ? Long.MAX_VALUE : Math.max(departedAt(), timeOf(service.acw));
    }

    /** The same session; the event of a transfer or a decline, which is never evidence of an end, is reduced to its time. */
    AgentSession withoutSpentEvidence() {
        Departure departure = service.departure;
        if (departure == null || departure.reason == Reason.LEFT || Session.isTimeAlone(departure.evidence)) {
            return this;
        }
        Departure kept =
                new Departure(departure.reason, Session.timeAlone(departure.evidence.eventTime()), departure.at);
        return with(agentId, new Service(service.startedAt, service.offered, kept, service.acw), missingAcws);
    }

    AgentSession inCycle(int number) {
        return new AgentSession(id, agentId, number, service, missingAcws);
    }

    /** Merges a {@code user.start}. If the agent has departed before it, a new service begins with the same id. */
    AgentSession started(@Nullable String agent, long time, boolean byQueue) {
        if (!isActive() && time > departedAt()) {
            // A declined alert counts, too: Genesys does not document whether an acw follows a declined alert. If none
            // follows, the end of the new service may have to wait for the after-call-work timeout.
            int missing = missingAcws + (service.acw == null ? 1 : 0);
            return with(agent, new Service(time, byQueue, null, null), missing);
        }
        Service merged = new Service(
                Math.max(service.startedAt, time),
                (service.offered == null || time >= service.startedAt) ? byQueue : service.offered,
                service.departure,
                service.acw != null && timeOf(service.acw) < time ? null : service.acw);
        return with(agent, merged, missingAcws);
    }

    /**
     * Merges a {@code user.end}. If it is not newer than the known {@code user.end}, nothing changes. If it is older
     * than the newest start, it ended an earlier service; without a known acw, the acw of that service counts as
     * missing.
     */
    AgentSession ended(@Nullable String agent, Departure next, long began) {
        if (service.departure != null && next.time() <= service.departure.time()) {
            return this;
        }
        long startedAt = service.startedAt;
        Evidence acw = service.acw;
        if (next.time() < startedAt) {
            // A known acw counts as the acw of the earlier service: it may have arrived before this user.end.
            return with(
                    agent,
                    new Service(startedAt, service.offered, null, null),
                    acw == null ? missingAcws + 1 : missingAcws);
        }
        long earliestAcw = service.departure == null ? Math.max(startedAt, began) : next.time();
        Service merged = new Service(
                Math.max(startedAt, began),
                service.offered,
                next,
                acw != null && timeOf(acw) >= earliestAcw ? acw : null);
        return with(agent, merged, missingAcws);
    }

    /**
     * Merges an acw. While the agent is active, the acw belongs to an earlier service, if an earlier service has none
     * yet.
     */
    AgentSession acwCompleted(@Nullable String agent, Evidence evidence) {
        if (isActive() && missingAcws > 0) {
            return with(agent, service, missingAcws - 1);
        }
        if (timeOf(evidence) < service.startedAt || (service.acw != null && timeOf(evidence) <= timeOf(service.acw))) {
            return this;
        }
        return with(agent, new Service(service.startedAt, service.offered, service.departure, evidence), missingAcws);
    }

    private AgentSession with(@Nullable String agent, Service next, int missing) {
        return new AgentSession(id, agent == null ? agentId : agent, cycle, next, missing);
    }

    private static long timeOf(Evidence evidence) {
        return evidence.eventTime().toEpochMilli();
    }
}
