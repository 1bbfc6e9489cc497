package io.handover.conversation.fold;

import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stores conversations on the heap. A conversation that ended a while ago is kept as bytes, which needs less memory. It
 * is kept for late events, but most of these conversations only wait for the end of their retention.
 */
public final class HeapConversationStore implements ConversationStore {

    /** How many ended conversations are not encoded yet. Most events after an end come within a minute. */
    private static final int RECENT = 256;

    private final Map<String, StoredConversation> open = new HashMap<>();
    private final Map<String, StoredConversation> recent = new LinkedHashMap<>();
    private final Map<String, byte[]> ended = new HashMap<>();
    private final Map<String, StoredAgent> agents = new HashMap<>();
    private final Timers timers = new Timers();
    private final StateEncoding.Writer writer = new StateEncoding.Writer();

    /** The ended conversations, with the time from which their retention counts. */
    private final Timers touched = new Timers();

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
        touched.arm(Timer.ofConversation(conversation.state().touchedAt(), conversationId));
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
        StoredConversation one = recent.remove(conversationId);
        if (one != null) {
            touched.disarm(Timer.ofConversation(one.state().touchedAt(), conversationId));
            return;
        }
        byte[] encoded = ended.remove(conversationId);
        if (encoded != null) {
            touched.disarm(Timer.ofConversation(StoredConversation.touchedAt(encoded), conversationId));
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
        long untouchedSince = time - retentionMs;
        return touched.isDue(untouchedSince)
                ? touched.removeDue(untouchedSince, Integer.MAX_VALUE).stream()
                        .map(Timer::id)
                        .toList()
                : List.of();
    }
}
