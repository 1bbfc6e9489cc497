package io.handover.conversation.fold;

import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Stores conversations on the heap. An ended conversation is kept as bytes, which needs less memory. It is kept for
 * late events, but most ended conversations only wait for the end of their retention.
 */
public final class HeapConversationStore implements ConversationStore {

    private static final Comparator<Timer> BY_TIME = Comparator.comparingLong(Timer::deadline)
            .thenComparing(Timer::subject)
            .thenComparing(Timer::id);

    private final Map<String, StoredConversation> open = new HashMap<>();
    private final Map<String, byte[]> ended = new HashMap<>();
    private final Map<String, StoredAgent> agents = new HashMap<>();
    private final TreeSet<Timer> timers = new TreeSet<>(BY_TIME);
    private final StateEncoding.Writer writer = new StateEncoding.Writer();

    @Override
    public StoredConversation load(String conversationId, long at) {
        StoredConversation conversation = open.get(conversationId);
        return conversation != null ? conversation : decode(ended.get(conversationId));
    }

    private static StoredConversation decode(byte @Nullable [] bytes) {
        try {
            return bytes == null ? StoredConversation.NEW : StoredConversation.decode(bytes);
        } catch (CorruptStateException e) {
            throw new IllegalStateException("Expected to decode what was encoded, but failed", e);
        }
    }

    @Override
    public void put(String conversationId, StoredConversation conversation) {
        if (conversation.state().isOpen()) {
            open.put(conversationId, conversation);
            ended.remove(conversationId);
        } else {
            ended.put(conversationId, conversation.encode(writer));
            open.remove(conversationId);
        }
    }

    @Override
    public void delete(String conversationId) {
        open.remove(conversationId);
        ended.remove(conversationId);
    }

    @Override
    public @Nullable StoredAgent loadAgent(String agentId) {
        return agents.get(agentId);
    }

    @Override
    public void putAgent(String agentId, StoredAgent agent) {
        agents.put(agentId, agent);
    }

    @Override
    public void deleteAgent(String agentId) {
        agents.remove(agentId);
    }

    @Override
    public void arm(Timer timer) {
        timers.add(timer);
    }

    @Override
    public void disarm(Timer timer) {
        timers.remove(timer);
    }

    @Override
    public boolean mayBeDue(long time) {
        return !timers.isEmpty() && timers.first().deadline() <= time;
    }

    @Override
    public List<Timer> removeDue(long time, int max) {
        List<Timer> due = new ArrayList<>();
        while (due.size() < max && mayBeDue(time)) {
            due.add(timers.pollFirst());
        }
        return due;
    }
}
