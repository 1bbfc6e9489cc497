package io.handover.history.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.handover.schema.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An end of a handover although the agents were not done.
 *
 * @param occurredAt the time of the event that the end was concluded from
 * @param decidedAt when the handover was ended
 * @param evidence the events that the end was concluded from
 * @param refutation what shows that the end was premature
 * @param refutedAt since when the agent served, or the conversation waited in the queue
 * @param agentId the agent who served then, or null
 */
@JsonPropertyOrder({
    "conversationId",
    "cycle",
    "reason",
    "occurredAt",
    "decidedAt",
    "refutation",
    "refutedAt",
    "refutedAfterMs",
    "agentId",
    "evidence"
})
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

    /** What shows that an end was premature. */
    public enum Refutation {
        /** An agent served when the handover was ended. */
        @JsonProperty("served")
        SERVED("an agent still served"),
        /** The conversation waited in a queue when the handover was ended. */
        @JsonProperty("queued")
        QUEUED("it still waited in a queue"),
        /** An agent came soon after the end, and the customer had not begun a new session. */
        @JsonProperty("cameBack")
        CAME_BACK("an agent came back");

        private final String label;

        Refutation(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** The time from the end to the refutation; negative if the agent or queue was there before the end. */
    @JsonProperty
    long refutedAfterMs() {
        return Duration.between(decidedAt, refutedAt).toMillis();
    }
}
