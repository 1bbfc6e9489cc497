package io.handover.conversation.fold;

import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Stores conversations on the heap. A conversation that ended a while ago is kept as bytes, which needs less memory. It
 * is kept for late events, but most of these conversations only wait for the end of their retention.
 */
public final class HeapConversationStore implements ConversationStore {

    private static final Comparator<Timer> BY_TIME = Comparator.comparingLong(Timer::deadline)
            .thenComparing(Timer::subject)
            .thenComparing(Timer::id);

    /** How many ended conversations are not encoded yet. Most events after an end come within a minute. */
    private static final int RECENT = 256;

    private final Map<String, StoredConversation> open = new HashMap<>();
    private final Map<String, StoredConversation> recent = new LinkedHashMap<>();
    private final Map<String, byte[]> ended = new HashMap<>();
    private final Map<String, StoredAgent> agents = new HashMap<>();
    private final TreeSet<Timer> timers = new TreeSet<>(BY_TIME);
    private final StateEncoding.Writer writer = new StateEncoding.Writer();

    /** No timer is earlier. */
    private long earliest = Long.MAX_VALUE;

    @Override
    public StoredConversation load(String conversationId, long at) {
        StoredConversation conversation = open.get(conversationId);
        if (conversation == null) {
            conversation = recent.get(conversationId);
        }
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
            if (open.put(conversationId, conversation) == null) {
                removeEnded(conversationId);
            }
            return;
        }
        if (open.remove(conversationId) == null) {
            removeEnded(conversationId);
        }
        recent.put(conversationId, conversation);
        if (recent.size() > RECENT) {
            encodeOldest();
        }
    }

    private void encodeOldest() {
        Iterator<Map.Entry<String, StoredConversation>> all = recent.entrySet().iterator();
        Map.Entry<String, StoredConversation> oldest = all.next();
        ended.put(oldest.getKey(), oldest.getValue().encode(writer));
        all.remove();
    }

    private void removeEnded(String conversationId) {
        if (recent.remove(conversationId) == null) {
            ended.remove(conversationId);
        }
    }

    @Override
    public void delete(String conversationId) {
        open.remove(conversationId);
        removeEnded(conversationId);
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
        earliest = Math.min(earliest, timer.deadline());
    }

    @Override
    public void disarm(Timer timer) {
        timers.remove(timer);
    }

    @Override
    public boolean mayBeDue(long time) {
        return earliest <= time && !timers.isEmpty();
    }

    @Override
    public List<Timer> removeDue(long time, int max) {
        List<Timer> due = new ArrayList<>();
        while (due.size() < max && !timers.isEmpty() && timers.first().deadline() <= time) {
            due.add(timers.pollFirst());
        }
        earliest = timers.isEmpty() ? Long.MAX_VALUE : timers.first().deadline();
        return due;
    }
}
