package io.handover.conversation.fold;

import java.util.List;
import java.util.stream.Stream;

/** The names of the state stores. They are a compatibility contract, because the changelog topics contain them. */
public final class StateStores {

    /** The states; the key is the conversation id. */
    public static final String CONVERSATIONS = "conversations";

    /** The timers, ordered by deadline. */
    public static final String TIMERS = "timers";

    /** The profiles of agents; the key is the agent id. */
    public static final String AGENTS = "agents";

    private StateStores() {}

    /** The names of the changelog topics of an application. */
    public static List<String> changelogs(String applicationId) {
        return Stream.of(CONVERSATIONS, TIMERS, AGENTS)
                .map(store -> applicationId + '-' + store + "-changelog")
                .toList();
    }

    /** The changelogs that a decision about an end depends on: all but the one of the agents. */
    public static List<String> deciding(String applicationId) {
        return changelogs(applicationId).subList(0, 2);
    }
}
