package io.handover.history.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.handover.schema.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An end of a handover that came too early.
 *
 * @param occurredAt the time of the event that led to the end
 * @param decidedAt the time of the decision to end the handover, in stream time
 * @param evidence the events that led to the end
 * @param refutation the reason why the end is premature
 * @param refutedAt the start of the agent, or of the wait in the queue, that makes the end premature
 * @param agentId the agent who started at {@code refutedAt}; null for a queue or an unknown agent
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

    /** A reason why an end is premature. */
    public enum Refutation {
        /** An agent served at the time of the end. */
        @JsonProperty("served")
        SERVED("an agent still served"),
        /** The conversation waited in a queue at the time of the end. */
        @JsonProperty("queued")
        QUEUED("it still waited in a queue"),
        /** A routing flow had the conversation at the time of the end. */
        @JsonProperty("inFlow")
        IN_FLOW("a flow still had it"),
        /** An agent came soon after the end, and the customer did not start or end a session in between. */
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

    /**
     * Returns the time from the end to {@code refutedAt}, in ms; 0 or negative if the agent, queue or flow was there
     * before.
     */
    @JsonProperty
    long refutedAfterMs() {
        return Duration.between(decidedAt, refutedAt).toMillis();
    }
}
