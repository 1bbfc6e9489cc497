package io.handover.conversation.fold;

import java.util.List;
import java.util.stream.Stream;

/** The names of the state stores. They are a compatibility contract, because the changelog topics contain them. */
public final class StateStores {

    /** State by conversation id. */
    public static final String CONVERSATIONS = "conversations";

    /** Timers by deadline. */
    public static final String TIMERS = "timers";

    private StateStores() {}

    /** The changelog topics of the application with that id. */
    public static List<String> changelogs(String applicationId) {
        return Stream.of(CONVERSATIONS, TIMERS)
                .map(store -> applicationId + '-' + store + "-changelog")
                .toList();
    }
}
