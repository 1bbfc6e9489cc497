package io.handover.schema;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command to the bot platform. Each command is sent once. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HandoverEnded.class, name = HandoverEnded.TYPE),
    @JsonSubTypes.Type(value = AgentUpdated.class, name = AgentUpdated.TYPE)
})
public sealed interface HandoverCommand permits HandoverEnded, AgentUpdated {

    /** The name-based UUID of conversation, cycle, type and deciding event. A replay gives the same. */
    String id();

    /** {@value HandoverEnded#TYPE} or {@value AgentUpdated#TYPE}. */
    String type();

    /** The Genesys conversation, or the customer's id if the old data action named no conversation. */
    String conversationId();

    /** The number of the handover in its conversation: 1, 2, 3… */
    int cycle();

    /** The customer's Open Messaging id, or null if no event had it. */
    @Nullable
    String userId();

    /** The bot platform's organisation, or null if no event had it. */
    @Nullable
    String organizationId();

    /** The time of the deciding event. */
    Instant occurredAt();

    /** The time of the decision, by the timestamps of the records. */
    Instant decidedAt();

    /** The reason, one of those in the command's JSON Schema. */
    String reason();

    /** The events that led to the command, oldest first. */
    List<Evidence> evidence();
}
