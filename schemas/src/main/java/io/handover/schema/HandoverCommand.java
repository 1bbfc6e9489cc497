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

    /** The name-based UUID of conversation, cycle, type and deciding event. A replay gives the same id. */
    String id();

    /** {@value HandoverEnded#TYPE} or {@value AgentUpdated#TYPE}. */
    String type();

    /** The Genesys conversation id. If the old data action sent no conversation id, it is the customer's id. */
    String conversationId();

    /** The number of the handover in its conversation: 1, 2, 3… */
    int cycle();

    /** The customer's Open Messaging id, or null if no event contained the id. */
    @Nullable
    String userId();

    /** The bot platform's organisation, or null if no event contained the organisation. */
    @Nullable
    String organizationId();

    /** The time of the deciding event, by the clock of Genesys. */
    Instant occurredAt();

    /** The time of the decision. It is taken from the timestamps of the records, so a replay gives the same time. */
    Instant decidedAt();

    /** The reason for the command. The JSON Schema of the command lists all reasons. */
    String reason();

    /** The events that led to the command, oldest first. Empty if no event led to it. */
    List<Evidence> evidence();
}
