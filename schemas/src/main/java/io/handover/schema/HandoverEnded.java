package io.handover.schema;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says that a handover has ended and no human serves the conversation now. A command to the bot platform, sent at most
 * once per handover.
 */
@JsonPropertyOrder({
    "id",
    "conversationId",
    "cycle",
    "userId",
    "organizationId",
    "occurredAt",
    "decidedAt",
    "reason",
    "evidence"
})
public record HandoverEnded(
        String id,
        String conversationId,
        int cycle,
        @Nullable String userId,
        @Nullable String organizationId,
        Instant occurredAt,
        Instant decidedAt,
        String reason,
        List<Evidence> evidence)
        implements HandoverCommand {

    /** The type of this command, see {@link #type()}. */
    public static final String TYPE = "handover-ended";

    public HandoverEnded {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(conversationId, "conversationId");
        Objects.requireNonNull(occurredAt, "occurredAt");
        Objects.requireNonNull(decidedAt, "decidedAt");
        Objects.requireNonNull(reason, "reason");
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
