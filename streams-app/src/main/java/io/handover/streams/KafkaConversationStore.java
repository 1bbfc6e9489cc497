package io.handover.streams;

import io.handover.conversation.ConversationState;
import io.handover.conversation.fold.ConversationStore;
import io.handover.conversation.fold.SessionBytes;
import io.handover.conversation.fold.StateEncoding;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StoredAgent;
import io.handover.conversation.fold.StoredConversation;
import io.handover.conversation.fold.Timer;
import io.handover.conversation.fold.Timers;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Stores conversations and agents in the state stores of Kafka Streams. */
final class KafkaConversationStore implements ConversationStore {

    /** The deadline of a state that cannot be read: it is loaded, and so reported, with the next record. */
    private static final long DUE_AT_ONCE = 0;

    private final KeyValueStore<String, byte[]> conversations;
    private final KeyValueStore<String, byte[]> agents;
    private final Timers timers = new Timers();
    private final OpenHandovers open;
    private final CorruptStates corruptStates;
    private final RetentionSweep sweep;
    private final StateEncoding.Writer writer = new StateEncoding.Writer();
    private final SessionBytes decoded = new SessionBytes();

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

    /**
     * Reads all states once, for their timers and the open handovers. Of an ended conversation, it decodes nothing.
     *
     * @param open receives the open handovers
     */
    KafkaConversationStore(
            KeyValueStore<String, byte[]> conversations,
            KeyValueStore<String, byte[]> agents,
            OpenHandovers open,
            CorruptStates corruptStates) {
        this.conversations = conversations;
        this.agents = agents;
        this.open = open;
        this.corruptStates = corruptStates;
        this.sweep = new RetentionSweep(conversations);
        readOpen((conversationId, conversation) ->
                conversation.timers(conversationId).forEach(timers::arm));
        try (KeyValueIterator<String, byte[]> all = agents.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                timers.arm(Timer.ofAgent(timerOfAgent(entry.value), entry.key));
            }
        }
    }

    /** Reads all states, and collects the conversations that are open. */
    private void readOpen(BiConsumer<String, StoredConversation> found) {
        open.clear();
        try (KeyValueIterator<String, byte[]> all = conversations.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (StoredConversation.isEnded(entry.value)) {
                    continue;
                }
                try {
                    StoredConversation conversation = StoredConversation.decode(entry.value);
                    open.changed(entry.key, ConversationState.NEW, conversation.state());
                    found.accept(entry.key, conversation);
                } catch (CorruptStateException e) {
                    timers.arm(Timer.ofConversation(DUE_AT_ONCE, entry.key));
                }
            }
        }
    }

    private static long timerOfAgent(byte[] bytes) {
        try {
            return StoredAgent.decode(bytes).timerAt();
        } catch (CorruptStateException e) {
            return DUE_AT_ONCE;
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
            return StoredConversation.decode(bytes, decoded);
        } catch (CorruptStateException e) {
            corruptStates.ofConversation(conversationId, bytes, e, at);
            conversations.delete(conversationId);
            // A state that was corrupt when the task started is in no list. This one has become corrupt since.
            if (open.contains(conversationId)) {
                readOpen((id, conversation) -> {});
            }
            return StoredConversation.NEW;
        }
    }

    @Override
    public void put(String conversationId, StoredConversation conversation) {
        conversations.put(conversationId, conversation.encode(writer, decoded));
        sweep.written();
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
    public boolean isDue(long time) {
        return timers.isDue(time);
    }

    @Override
    public List<Timer> removeDue(long time, int max) {
        return timers.removeDue(time, max);
    }

    @Override
    public List<String> expired(long time, long retentionMs) {
        return sweep.step(time, retentionMs);
    }

    /** The deadline of the first timer, or {@link Long#MAX_VALUE} without one. */
    long earliestTimer() {
        return timers.earliest();
    }

    /**
     * The earliest stream time at which a record has an effect beside its own: a timer is due, or a step of the sweep.
     * {@link Long#MAX_VALUE} if nothing waits.
     */
    long timeNeeded() {
        return Math.min(timers.earliest(), sweep.nextStep());
    }
}
