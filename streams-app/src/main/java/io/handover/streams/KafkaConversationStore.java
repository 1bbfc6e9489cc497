package io.handover.streams;

import io.handover.conversation.ConversationState;
import io.handover.conversation.fold.ConversationStore;
import io.handover.conversation.fold.StateEncoding;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StoredAgent;
import io.handover.conversation.fold.StoredConversation;
import io.handover.conversation.fold.Timer;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Stores conversations and agents in the state stores of Kafka Streams. */
final class KafkaConversationStore implements ConversationStore {

    private final KeyValueStore<String, byte[]> conversations;
    private final KeyValueStore<String, byte[]> agents;
    private final TimerIndex timers;
    private final OpenHandovers open;
    private final CorruptStates corruptStates;
    private final StateEncoding.Writer writer = new StateEncoding.Writer();

    /** The conversation that was loaded last, as it is in the store. The fold loads each one before it writes it. */
    private String loadedId = "";

    private StoredConversation loaded = StoredConversation.NEW;

    /** Receives stored bytes that cannot be decoded. */
    interface CorruptStates {

        /** After that, the conversation starts with a new state. */
        void ofConversation(String conversationId, byte[] bytes, CorruptStateException reason, long at);

        /** After that, the agent is unknown. */
        void ofAgent(String agentId, CorruptStateException reason);
    }

    KafkaConversationStore(
            KeyValueStore<String, byte[]> conversations,
            KeyValueStore<String, byte[]> agents,
            TimerIndex timers,
            OpenHandovers open,
            CorruptStates corruptStates) {
        this.conversations = conversations;
        this.agents = agents;
        this.timers = timers;
        this.open = open;
        this.corruptStates = corruptStates;
    }

    /** Counts the open handovers from the stores. */
    void countOpen() {
        open.count(this::stateOrNull);
    }

    private @Nullable ConversationState stateOrNull(String conversationId) {
        byte[] bytes = conversations.get(conversationId);
        try {
            return bytes == null ? null : StoredConversation.decode(bytes).state();
        } catch (CorruptStateException e) {
            // It is reported when the conversation is loaded.
            return null;
        }
    }

    @Override
    public StoredConversation load(String conversationId, long at) {
        loadedId = conversationId;
        loaded = read(conversationId, at);
        return loaded;
    }

    private StoredConversation read(String conversationId, long at) {
        byte[] bytes = conversations.get(conversationId);
        if (bytes == null) {
            return StoredConversation.NEW;
        }
        try {
            return StoredConversation.decode(bytes);
        } catch (CorruptStateException e) {
            corruptStates.ofConversation(conversationId, bytes, e, at);
            conversations.delete(conversationId);
            open.remove(conversationId);
            countOpen();
            return StoredConversation.NEW;
        }
    }

    @Override
    public void put(String conversationId, StoredConversation conversation) {
        conversations.put(conversationId, conversation.encode(writer));
        changed(conversationId, conversation);
    }

    @Override
    public void delete(String conversationId) {
        conversations.delete(conversationId);
        changed(conversationId, StoredConversation.NEW);
    }

    private void changed(String conversationId, StoredConversation next) {
        if (!conversationId.equals(loadedId)) {
            throw new IllegalStateException("Expected a conversation to be loaded before it is written, but it is not");
        }
        open.changed(conversationId, loaded.state(), next.state());
        loaded = next;
    }

    @Override
    public @Nullable StoredAgent loadAgent(String agentId) {
        byte[] bytes = agents.get(agentId);
        if (bytes == null) {
            return null;
        }
        try {
            return StoredAgent.decode(bytes);
        } catch (CorruptStateException e) {
            corruptStates.ofAgent(agentId, e);
            agents.delete(agentId);
            return null;
        }
    }

    @Override
    public void putAgent(String agentId, StoredAgent agent) {
        agents.put(agentId, agent.encode());
    }

    @Override
    public void deleteAgent(String agentId) {
        agents.delete(agentId);
    }

    @Override
    public void arm(Timer timer) {
        timers.arm(timer);
    }

    @Override
    public void disarm(Timer timer) {
        timers.disarm(timer);
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
