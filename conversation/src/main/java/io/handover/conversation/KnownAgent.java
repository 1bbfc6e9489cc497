package io.handover.conversation;

import org.jspecify.annotations.Nullable;

/**
 * The newest profile of an agent in the log.
 *
 * @param name the name to show, or null if the directory does not know the agent
 * @param imageUrl the address of the picture to show, or null
 * @param learnedAt the stream time of the profile
 */
public record KnownAgent(@Nullable String name, @Nullable String imageUrl, long learnedAt) {

    /** The agents whose profiles are in the log, and not forgotten. */
    @FunctionalInterface
    public interface View {

        /** No agent is known. */
        View NONE = (agentId, at) -> null;

        /**
         * Returns the profile of an agent, or null if none is known.
         *
         * @param at the stream time
         */
        @Nullable
        KnownAgent find(String agentId, long at);
    }
}
