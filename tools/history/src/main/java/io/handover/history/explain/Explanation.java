package io.handover.history.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a conversation, and why.
 *
 * @param organizationId the organisation of the bot platform, or null if no event names it
 * @param customerId the customer's Open Messaging id, or null if no event names it
 * @param settings the settings that decide and differ from their defaults, by key
 * @param ticked whether the log contains clock ticks: then a deadline that the log reached late was late live too
 * @param logEnd the stream time at the end of the log
 * @param steps in the order of the log
 * @param handovers in order; only the last one can be open
 */
record Explanation(
        String conversationId,
        @Nullable String organizationId,
        @Nullable String customerId,
        Map<String, String> settings,
        boolean ticked,
        Instant logEnd,
        List<Step> steps,
        List<Handover> handovers) {

    Explanation {
        settings = new TreeMap<>(settings);
        steps = List.copyOf(steps);
        handovers = List.copyOf(handovers);
    }

    /** The steps in which an event arrived. */
    List<Step> events() {
        return steps.stream()
                .filter(step -> step.cause() instanceof Step.Arrival)
                .toList();
    }

    /**
     * A handover.
     *
     * @param began the earliest time in its events
     * @param end null while it is open
     * @param openReasons why it is open; empty if it ended
     */
    record Handover(
            @JsonProperty("number") int cycle,
            Instant began,
            @JsonUnwrapped @Nullable End end,
            @JsonProperty("standing") List<OpenReason> openReasons) {

        Handover {
            openReasons = List.copyOf(openReasons);
        }
    }

    /**
     * The end of a handover.
     *
     * @param decidedAt when it was decided, in stream time
     * @param heldMs how long it was held; 0 if the handover ended at once
     * @param afterLog whether that is after the end of the log, and happens only if no other event arrives
     */
    record End(@JsonProperty("ended") Instant decidedAt, String reason, long heldMs, boolean afterLog) {}

    /**
     * A reason why a handover is open.
     *
     * @param agentId the agent, for {@link Kind#SERVED}; null if no event named one
     */
    record OpenReason(Kind kind, Instant since, @Nullable String agentId) {

        /** The kind of reason. */
        enum Kind {
            /** An agent is alerted or serves. */
            SERVED,
            /** The conversation waits in a queue. */
            QUEUED,
            /** Nobody serves, it does not wait, and no end is held. */
            OPEN,
            /** The retention ended first. */
            FORGOTTEN
        }
    }
}
