package io.handover.history.explain;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The explanation of a conversation: its steps, with the reason of each decision, and its handovers.
 *
 * @param organizationId the organisation of the bot platform; null if no event names it
 * @param customerId the customer's Open Messaging id; null if no event names it
 * @param settings the settings that influence decisions and differ from their defaults, by key
 * @param ticked true for a topic, false for files. A topic contains the clock ticks, so a deadline that fires late here
 *     fired late in streams-app too.
 * @param logEnd the stream time at the end of the log
 * @param steps the steps, in the order of the log
 * @param handovers the handovers, oldest first; only the last one can be open
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

    /** Returns the steps that an event caused. */
    List<Step> events() {
        return steps.stream()
                .filter(step -> step.cause() instanceof Step.Arrival)
                .toList();
    }

    /**
     * A handover of the conversation.
     *
     * @param cycle the number of the handover: 1, 2, 3…
     * @param began the time of its earliest known start; for the first handover, the time of its earliest event
     * @param end the end; null while the handover is open, or if it never began
     * @param expires the time at which an open handover ends if no other event arrives; null if it has not begun
     * @param openReasons the reasons why it has no end; empty if it ended
     */
    record Handover(
            @JsonProperty("number") int cycle,
            Instant began,
            @JsonUnwrapped @Nullable End end,
            @Nullable Instant expires,
            @JsonProperty("standing") List<OpenReason> openReasons) {

        Handover {
            openReasons = List.copyOf(openReasons);
        }
    }

    /**
     * The end of a handover.
     *
     * @param decidedAt the time of the decision, in stream time
     * @param heldMs the time for which the end was held; 0 if the handover ended at once. If it expired, the time since
     *     the last event
     * @param afterLog whether the end is later than the log; the handover ends then only if no other event arrives
     */
    record End(@JsonProperty("ended") Instant decidedAt, String reason, long heldMs, boolean afterLog) {}

    /**
     * A reason why a handover has no end.
     *
     * @param since the start of the agent session, of the wait, of the flow or of the phase; for {@link Kind#FORGOTTEN}
     *     the end of the retention
     * @param agentId the agent of {@link Kind#SERVED} and {@link Kind#JOINED}; null for other kinds, or if no event
     *     named the agent
     */
    record OpenReason(Kind kind, Instant since, @Nullable String agentId) {

        enum Kind {
            /** An agent is alerted or serves. */
            SERVED,
            /** An agent joined another one, and is not announced. */
            JOINED,
            /** The conversation waits in a queue. */
            QUEUED,
            /** A routing flow has the conversation. */
            IN_FLOW,
            /** No agent, queue or flow has the conversation, and no end is held. */
            OPEN,
            /** The retention of the conversation ended before any handover began. */
            FORGOTTEN
        }
    }
}
