package io.handover.conversation.fold;

import java.util.List;
import java.util.stream.Stream;

/** The names of the state stores. They are a compatibility contract, because the changelog topics contain them. */
public final class StateStores {

    /** The states; the key is the conversation id. */
    public static final String CONVERSATIONS = "conversations";

    /** The profiles of agents; the key is the agent id. */
    public static final String AGENTS = "agents";

    private StateStores() {}

    /** The names of the changelog topics of an application. */
    public static List<String> changelogs(String applicationId) {
        return Stream.of(CONVERSATIONS, AGENTS)
                .map(store -> applicationId + '-' + store + "-changelog")
                .toList();
    }

    /** The changelog of the states. The other one is of the agents, whose profiles can be asked for again. */
    public static String ofConversations(String applicationId) {
        return changelogs(applicationId).get(0);
    }
}
