package io.handover.schema;

import java.util.Objects;

/**
 * The question who an agent is; answered by an {@link AgentProfile}.
 *
 * @param agentId the Genesys user id
 * @param conversationId the conversation that asks, and the key of the answer
 */
public record AgentLookup(String agentId, String conversationId) {

    public AgentLookup {
        Objects.requireNonNull(agentId, "agentId");
        Objects.requireNonNull(conversationId, "conversationId");
    }
}
