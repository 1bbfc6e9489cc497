package io.handover.reference;

import org.jspecify.annotations.Nullable;

/**
 * A profile of an agent that reached the log.
 *
 * @param at the stream time after the profile arrived, epoch ms
 * @param conversationId the conversation that asked for the profile, or null
 * @param agentId the id of the agent
 * @param name the name, or null if the agent is unknown. An unknown agent without a conversation is to be forgotten
 * @param imageUrl the address of the picture, or null
 */
public record ProfileArrival(
        long at,
        @Nullable String conversationId,
        String agentId,
        @Nullable String name,
        @Nullable String imageUrl) implements LogEntry {

    boolean isOf(String conversation) {
        return conversation.equals(conversationId);
    }
}
