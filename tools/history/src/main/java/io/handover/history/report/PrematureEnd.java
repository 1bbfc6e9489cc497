package io.handover.history.report;

import io.handover.schema.Evidence;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A handover that was ended although the agents were not done.
 *
 * @param reason why it was ended
 * @param occurredAt when what it was concluded from happened
 * @param decidedAt when it was ended
 * @param evidence the events that it was concluded from
 * @param refutation what shows that it was too early
 * @param refutedAt since when that agent served, or the queue held it
 * @param agentId the agent who served then, or null
 */
public record PrematureEnd(
        String conversationId,
        int cycle,
        String reason,
        Instant occurredAt,
        Instant decidedAt,
        List<Evidence> evidence,
        Refutation refutation,
        Instant refutedAt,
        @Nullable String agentId) {

    /** What shows that an end was too early. */
    public enum Refutation {
        /** An agent was there when it was ended. */
        SERVED("an agent still served"),
        /** It waited in a queue when it was ended. */
        QUEUED("it still waited in a queue"),
        /** An agent came soon after, and the customer had not begun anew. */
        CAME_BACK("an agent came back");

        private final String label;

        Refutation(String label) {
            this.label = label;
        }

        /** For people. */
        String label() {
            return label;
        }
    }
}
