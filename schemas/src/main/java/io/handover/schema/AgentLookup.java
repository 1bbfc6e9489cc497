package io.handover.schema;

import java.time.Instant;
import java.util.Objects;

/**
 * Asks the agent directory for the {@link AgentProfile} of an agent who was announced. A record of
 * {@link Topics#AGENT_LOOKUPS}; its key is the agent id.
 *
 * @param conversationId the conversation in which the agent was announced; the profile is written under its key
 * @param agentId the Genesys user id of the agent
 * @param askedAt the stream time of the announcement, by the clock of the brokers
 */
public record AgentLookup(String conversationId, String agentId, Instant askedAt) {

    public AgentLookup {
        Objects.requireNonNull(conversationId, "conversationId");
        Objects.requireNonNull(agentId, "agentId");
        Objects.requireNonNull(askedAt, "askedAt");
    }
}
