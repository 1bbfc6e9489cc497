package io.handover.streams;

import io.handover.conversation.fold.ConversationStore;
import io.handover.conversation.fold.StoredConversation;
import io.handover.conversation.fold.StoredConversation.CorruptStateException;
import io.handover.conversation.fold.Timer;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/** Stores conversations in the state stores of Kafka Streams. */
final class KafkaConversationStore implements ConversationStore {

    private final KeyValueStore<String, byte[]> conversations;
    private final TimerIndex timers;
    private final DeadLetters deadLetters;

    /** Receives stored bytes that cannot be decoded. After that, the conversation starts with a new state. */
    @FunctionalInterface
    interface DeadLetters {
        void add(String conversationId, byte[] bytes, CorruptStateException reason, long at);
    }

    KafkaConversationStore(KeyValueStore<String, byte[]> conversations, TimerIndex timers, DeadLetters deadLetters) {
        this.conversations = conversations;
        this.timers = timers;
        this.deadLetters = deadLetters;
    }

    @Override
    public StoredConversation load(String conversationId, long at) {
        byte[] bytes = conversations.get(conversationId);
        if (bytes == null) {
            return StoredConversation.NEW;
        }
        try {
            return StoredConversation.decode(bytes);
        } catch (CorruptStateException e) {
            deadLetters.add(conversationId, bytes, e, at);
            conversations.delete(conversationId);
            return StoredConversation.NEW;
        }
    }

    @Override
    public void put(String conversationId, StoredConversation conversation) {
        conversations.put(conversationId, conversation.encode());
    }

    @Override
    public void delete(String conversationId) {
        conversations.delete(conversationId);
    }

    @Override
    public void arm(long deadline, String conversationId) {
        timers.arm(deadline, conversationId);
    }

    @Override
    public void disarm(long deadline, String conversationId) {
        timers.disarm(deadline, conversationId);
    }

    @Override
    public boolean mayBeDue(long time) {
        return timers.mayBeDue(time);
    }

    @Override
    public List<Timer> removeDue(long time, int max) {
        return timers.removeDue(time, max);
    }
}
