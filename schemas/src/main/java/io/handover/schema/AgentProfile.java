package io.handover.schema;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name and picture of an agent, as an agent directory knows them.
 *
 * @param conversationId the conversation that the agent serves
 * @param agentId the Genesys user id
 * @param name the name to show, or null if the agent is unknown
 * @param imageUrl the picture to show, or null if there is none
 */
public record AgentProfile(
        String conversationId,
        String agentId,
        @Nullable String name,
        @Nullable String imageUrl) implements HandoverRecord {

    public AgentProfile {
        Objects.requireNonNull(conversationId, "conversationId");
        Objects.requireNonNull(agentId, "agentId");
    }
}
