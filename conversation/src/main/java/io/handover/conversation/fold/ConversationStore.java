package io.handover.conversation.fold;

import java.util.List;

/** Stores the conversations of a log, and their timers. */
public interface ConversationStore {

    /**
     * The stored conversation, or {@link StoredConversation#NEW}.
     *
     * @param at the time of the record for which it is loaded
     */
    StoredConversation load(String conversationId, long at);

    void put(String conversationId, StoredConversation conversation);

    void delete(String conversationId);

    void arm(long deadline, String conversationId);

    void disarm(long deadline, String conversationId);

    /** Whether a timer may be due: a cheap check, which can be true too early but never too late. */
    boolean mayBeDue(long time);

    /**
     * Removes the timers that are due, and returns them, earliest first.
     *
     * @param max how many at most
     */
    List<Timer> removeDue(long time, int max);
}
