package io.handover.conversation.fold;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stores the conversations and agents of a log, and has their timers. */
public interface ConversationStore {

    /**
     * The stored conversation, or {@link StoredConversation#NEW}.
     *
     * @param at the time of the record for which the conversation is loaded; for a timer, the stream time
     */
    StoredConversation load(String conversationId, long at);

    void put(String conversationId, StoredConversation conversation);

    void delete(String conversationId);

    /** The stored profile of an agent, or null. */
    @Nullable
    StoredAgent loadAgent(String agentId);

    void putAgent(String agentId, StoredAgent agent);

    void deleteAgent(String agentId);

    void arm(Timer timer);

    void disarm(Timer timer);

    /** Whether a timer is due at this stream time. It is asked for every record, so the answer must be cheap. */
    boolean isDue(long time);

    /**
     * Removes the timers that are due at this stream time, and returns them, earliest first.
     *
     * @param max the highest number of timers to remove
     */
    List<Timer> removeDue(long time, int max);

    /**
     * Some of the ended conversations whose retention is over at this stream time; the others come with later calls. An
     * ended conversation has no timer, because there are a hundred times as many as open ones. It is asked for every
     * record, so the answer must be cheap most of the time.
     */
    List<String> expired(long time, long retentionMs);
}
