package io.handover.conversation.fold;

import java.util.List;
import java.util.stream.Stream;

/** The names of the state stores. They are a compatibility contract, because the changelog topics contain them. */
public final class StateStores {

    /** The states; the key is the conversation id. */
    public static final String CONVERSATIONS = "conversations";

    /** The timers, ordered by deadline. */
    public static final String TIMERS = "timers";

    private StateStores() {}

    /** The names of the changelog topics of an application. */
    public static List<String> changelogs(String applicationId) {
        return Stream.of(CONVERSATIONS, TIMERS)
                .map(store -> applicationId + '-' + store + "-changelog")
                .toList();
    }
}
