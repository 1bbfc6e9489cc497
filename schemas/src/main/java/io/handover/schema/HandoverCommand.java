package io.handover.schema;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the bot platform is to do. It can obey blindly: each command is sent once, and never too early. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HandoverEnded.class, name = HandoverEnded.TYPE),
    @JsonSubTypes.Type(value = AgentUpdated.class, name = AgentUpdated.TYPE)
})
public sealed interface HandoverCommand permits HandoverEnded, AgentUpdated {

    /** Name-based UUID over conversation, cycle, type and deciding fact: the same on every replay. */
    String id();

    /** {@value HandoverEnded#TYPE} or {@value AgentUpdated#TYPE}. */
    String type();

    /** The Genesys conversation; the customer's id where the old data action named no conversation. */
    String conversationId();

    /** Which handover of the conversation: 1, 2, 3… */
    int cycle();

    /** The customer's Open Messaging id, or null if no event told it. */
    @Nullable
    String userId();

    /** The bot platform's organisation, or null if no event told it. */
    @Nullable
    String organizationId();

    /** When the deciding fact happened. */
    Instant occurredAt();

    /** When it was decided, in the time of the log. */
    Instant decidedAt();

    /** Why. */
    String reason();

    /** The events that led to it, oldest first. */
    List<Evidence> evidence();
}
