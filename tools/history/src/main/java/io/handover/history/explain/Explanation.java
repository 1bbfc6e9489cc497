package io.handover.history.explain;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of a conversation, and why.
 *
 * @param organizationId the bot platform's organisation, or null if no event told it
 * @param customerId the customer's Open Messaging id, or null if no event told it
 * @param settings what decided, as far as it differs from the defaults, by key
 * @param ticked whether clock ticks moved the time of the log, so that what was noticed late was late
 * @param logEnd the time of the log at its end
 * @param steps what happened, in the order of the log
 * @param cycles its handovers; only the last one can be open
 */
record Explanation(
        String conversationId,
        @Nullable String organizationId,
        @Nullable String customerId,
        Map<String, String> settings,
        boolean ticked,
        Instant logEnd,
        List<Step> steps,
        List<Cycle> cycles) {

    Explanation {
        settings = new TreeMap<>(settings);
        steps = List.copyOf(steps);
        cycles = List.copyOf(cycles);
    }

    /** The steps in which an event arrived. */
    List<Step> events() {
        return steps.stream()
                .filter(step -> step.cause() instanceof Step.Arrived)
                .toList();
    }

    /**
     * A handover.
     *
     * @param began the earliest time that an event of it tells
     * @param end null while it is open
     * @param standing why it is open; empty if it ended
     */
    record Cycle(int number, Instant began, @Nullable End end, List<Standing> standing) {

        Cycle {
            standing = List.copyOf(standing);
        }
    }

    /**
     * How a handover ended.
     *
     * @param decidedAt when it was decided, in the time of the log
     * @param heldMs for how long it was held; 0 if it ended at once
     * @param afterLog whether that is later than the log reaches, and holds only if nothing else comes
     */
    record End(Instant decidedAt, String reason, long heldMs, boolean afterLog) {}

    /**
     * Something that keeps a handover open.
     *
     * @param agentId who serves, for {@link Kind#SERVED}; null if no event named the agent
     */
    record Standing(Kind kind, Instant since, @Nullable String agentId) {

        /** What keeps it open. */
        enum Kind {
            /** An agent is alerted or serves. */
            SERVED,
            /** It waits in a queue. */
            QUEUED,
            /** Nobody serves, nothing waits, and nothing says that it is over. */
            OPEN,
            /** The retention went by without an end. */
            FORGOTTEN
        }
    }
}
