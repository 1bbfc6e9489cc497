package io.handover.schema;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name and picture of an agent, from an agent directory.
 *
 * @param conversationId the conversation that the agent serves
 * @param agentId the Genesys user id of the agent
 * @param name the name to show to the customer, or null if the directory does not know the agent
 * @param imageUrl the address of the picture to show, or null if the agent has no picture
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
