package io.handover.conversation.fold;

import java.util.List;
import java.util.stream.Stream;

/** The names of the state stores. They are a compatibility contract, because the changelog topics contain them. */
public final class StateStores {

    /** The states; the key is the conversation id. */
    public static final String CONVERSATIONS = "conversations";

    /** The timers, ordered by deadline. */
    public static final String TIMERS = "timers";

    /** The conversations with an open handover, ordered by its beginning. */
    public static final String OPEN = "open";

    /** The profiles of agents; the key is the agent id. */
    public static final String AGENTS = "agents";

    private StateStores() {}

    /** The names of the changelog topics of an application. */
    public static List<String> changelogs(String applicationId) {
        return Stream.of(CONVERSATIONS, TIMERS, OPEN, AGENTS)
                .map(store -> applicationId + '-' + store + "-changelog")
                .toList();
    }

    /** The changelogs of the conversations: all but the one of the agents, whose profiles can be asked for again. */
    public static List<String> ofConversations(String applicationId) {
        return changelogs(applicationId).subList(0, 3);
    }
}
