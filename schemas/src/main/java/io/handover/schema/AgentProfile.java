package io.handover.schema;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link AgentLookup}: what the agent directory knows of an agent.
 *
 * @param conversationId the conversation that asked
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
