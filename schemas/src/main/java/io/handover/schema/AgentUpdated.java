package io.handover.schema;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Names the human agent who serves the conversation now. A command to the bot platform. */
@JsonPropertyOrder({
    "id",
    "conversationId",
    "cycle",
    "userId",
    "organizationId",
    "occurredAt",
    "decidedAt",
    "reason",
    "agent",
    "evidence"
})
public record AgentUpdated(
        String id,
        String conversationId,
        int cycle,
        @Nullable String userId,
        @Nullable String organizationId,
        Instant occurredAt,
        Instant decidedAt,
        String reason,
        Agent agent,
        List<Evidence> evidence)
        implements HandoverCommand {

    /** The type of this command, see {@link #type()}. */
    public static final String TYPE = "agent-updated";

    /**
     * The human agent who serves the conversation.
     *
     * @param id the Genesys user id of the agent
     * @param name the name to show to the customer, or null if the name is not known
     * @param imageUrl the address of the picture to show, or null if no picture is known
     */
    public record Agent(
            String id, @Nullable String name, @Nullable String imageUrl) {

        public Agent {
            Objects.requireNonNull(id, "id");
        }
    }

    public AgentUpdated {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(conversationId, "conversationId");
        Objects.requireNonNull(occurredAt, "occurredAt");
        Objects.requireNonNull(decidedAt, "decidedAt");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(agent, "agent");
        if (cycle < 1) {
            throw new IllegalArgumentException("Expected cycle to be 1 or more, but it is " + cycle);
        }
        evidence = List.copyOf(Objects.requireNonNull(evidence, "evidence"));
    }

    @Override
    @JsonIgnore
    public String type() {
        return TYPE;
    }
}
