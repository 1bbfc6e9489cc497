package io.handover.conversation.fold;

import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import java.util.ArrayList;
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
    private final Map<String, byte[]> ended = new LinkedHashMap<>();
    private final Map<String, StoredAgent> agents = new HashMap<>();
    private final Timers timers = new Timers();
    private final StateEncoding.Writer writer = new StateEncoding.Writer();

    /** Before this time, the retention of no ended conversation is over. */
    private long nextExpiry;

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

    /** The ended conversations are in the order in which they were written last, so the first ones expire first. */
    @Override
    public List<String> expired(long time, long retentionMs) {
        if (time < nextExpiry) {
            return List.of();
        }
        List<String> expired = new ArrayList<>();
        for (Map.Entry<String, byte[]> entry : ended.entrySet()) {
            if (!isExpired(
                    entry.getKey(), StoredConversation.touchedAt(entry.getValue()) + retentionMs, time, expired)) {
                return expired;
            }
        }
        for (Map.Entry<String, StoredConversation> entry : recent.entrySet()) {
            if (!isExpired(entry.getKey(), entry.getValue().state().touchedAt() + retentionMs, time, expired)) {
                return expired;
            }
        }
        return expired;
    }

    private boolean isExpired(String conversationId, long expiry, long time, List<String> expired) {
        nextExpiry = expiry;
        return expiry <= time && expired.add(conversationId);
    }
}
