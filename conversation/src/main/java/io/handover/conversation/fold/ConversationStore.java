package io.handover.conversation.fold;

import java.util.List;

/** Where a {@link ConversationFold} keeps the conversations of its log, and when each is due. */
public interface ConversationStore {

    /**
     * A conversation; {@link StoredConversation#NEW} if nothing is known of it.
     *
     * @param at the time of the record for which it is loaded
     */
    StoredConversation load(String conversationId, long at);

    void put(String conversationId, StoredConversation conversation);

    void delete(String conversationId);

    void arm(long deadline, String conversationId);

    void disarm(long deadline, String conversationId);

    /** Whether a timer may be due; looks at one number. */
    boolean mayBeDue(long time);

    /**
     * Takes out the timers that are due, earliest first.
     *
     * @param max of which at most so many
     */
    List<Timer> takeDue(long time, int max);
}
