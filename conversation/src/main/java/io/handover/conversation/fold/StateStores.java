package io.handover.conversation.fold;

import java.util.List;
import java.util.stream.Stream;

/** The names of the state stores: a compatibility contract, because the changelog topics carry them. */
public final class StateStores {

    /** State by conversation id. */
    public static final String CONVERSATIONS = "conversations";

    /** Timers in the order of time. */
    public static final String TIMERS = "timers";

    private StateStores() {}

    /** The topics in which Kafka keeps the state of the application with that id. */
    public static List<String> changelogs(String applicationId) {
        return Stream.of(CONVERSATIONS, TIMERS)
                .map(store -> applicationId + '-' + store + "-changelog")
                .toList();
    }
}
