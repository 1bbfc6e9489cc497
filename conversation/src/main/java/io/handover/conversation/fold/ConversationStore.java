package io.handover.conversation.fold;

import java.util.List;

/** Stores the conversations of a log, and their timers. */
public interface ConversationStore {

    /**
     * The stored conversation, or {@link StoredConversation#NEW}.
     *
     * @param at the time of the record for which the conversation is loaded; for a timer, the stream time
     */
    StoredConversation load(String conversationId, long at);

    void put(String conversationId, StoredConversation conversation);

    void delete(String conversationId);

    void arm(long deadline, String conversationId);

    void disarm(long deadline, String conversationId);

    /**
     * Whether a timer may be due at this stream time. The check is cheap: it can be true although no timer is due. It
     * is never false if one is due.
     */
    boolean mayBeDue(long time);

    /**
     * Removes the timers that are due at this stream time, and returns them, earliest first.
     *
     * @param max the highest number of timers to remove
     */
    List<Timer> removeDue(long time, int max);
}
