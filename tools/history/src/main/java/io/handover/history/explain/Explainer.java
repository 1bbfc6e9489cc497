package io.handover.history.explain;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.EventMapper;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.AgentProfile;
import io.handover.schema.Delivery;
import io.handover.schema.OperatorOrder;
import io.handover.terminal.CommandException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a conversation in a log and explains it.
 *
 * <p>Other conversations only advance the stream time. In files, all conversations share one stream time. In a topic,
 * each partition has its own.
 *
 * <p>The user can give only the beginning of the id. It can match several ids, and this is known only at the end of the
 * log. Until then, the explainer records at most {@code MAX_CANDIDATES} conversations.
 */
final class Explainer {

    /** The least number of characters of an id's beginning. Fewer characters would match too many ids. */
    static final int SHORTEST_BEGINNING = 6;

    private static final int MAX_CANDIDATES = 8;
    private static final int MAX_TYPING_MISTAKES = 3;

    private final String wanted;
    private final boolean partitioned;
    private final TransferPolicy policy;
    private final EventMapper mapper;
    private final Map<String, StepRecorder> recorders = new TreeMap<>();

    /** The newest profile of each agent, by partition and agent id. */
    private final Map<String, Map<String, Learned>> agents = new HashMap<>();

    private @Nullable String similar;
    private int fewestMistakes = MAX_TYPING_MISTAKES + 1;
    private long deliveries;

    private record Learned(AgentProfile profile, long at, long recordTime) {}

    /**
     * @param wanted the conversation's id, or the beginning of the id
     * @param partitioned true for a topic, whose partitions each have their own stream time; false for files
     */
    Explainer(String wanted, boolean partitioned, TransferPolicy policy, EventMapper mapper) {
        this.wanted = wanted;
        this.partitioned = partitioned;
        this.policy = policy;
        this.mapper = mapper;
    }

    /**
     * Adds the next delivery of the log.
     *
     * @param at the stream time, epoch ms; never goes back
     */
    void add(PastDelivery past, long at) {
        AgentProfile profile = past.profile();
        for (StepRecorder recorder : recorders.values()) {
            if (!partitioned || recorder.source().equals(past.source())) {
                recorder.advanceTo(at);
                if (profile != null) {
                    recorder.learn(profile, at, past.time());
                }
            }
        }
        if (profile != null) {
            keep(past, profile, at);
            return;
        }
        Delivery delivery = past.delivery();
        OperatorOrder order = past.order();
        String key = past.key();
        if (key == null || (delivery == null && order == null)) {
            return;
        }
        deliveries += order == null ? 1 : 0;
        if (!isCandidate(key)) {
            compare(key);
            return;
        }
        ConversationEvent event = delivery == null
                ? EventMapper.event(Objects.requireNonNull(order), at)
                : mapper.event(
                        Objects.requireNonNull(delivery.type(), "Expected a delivery with a key to have a type"),
                        delivery,
                        at);
        recorders.computeIfAbsent(key, id -> newRecorder(id, past.source())).apply(past, event, at);
    }

    private void keep(PastDelivery past, AgentProfile profile, long at) {
        Map<String, Learned> known = agents.computeIfAbsent(past.source(), source -> new LinkedHashMap<>());
        // Removed first, so that the profiles stay in the order of the log.
        known.remove(profile.agentId());
        known.put(profile.agentId(), new Learned(profile, at, past.time()));
    }

    /** A recorder that knows the agents whose profiles were in the log before the first event of its conversation. */
    private StepRecorder newRecorder(String id, String source) {
        StepRecorder recorder = new StepRecorder(id, source, policy);
        agents.getOrDefault(source, Map.of())
                .values()
                .forEach(learned -> recorder.learn(learned.profile(), learned.at(), learned.recordTime()));
        return recorder;
    }

    private boolean isCandidate(String key) {
        return key.equals(wanted)
                || recorders.containsKey(key)
                || (wanted.length() >= SHORTEST_BEGINNING
                        && key.startsWith(wanted)
                        && recorders.size() < MAX_CANDIDATES);
    }

    /** Keeps the id most similar to the wanted one. The error message suggests it if the conversation is not found. */
    private void compare(String key) {
        int mistakes = Math.abs(key.length() - wanted.length());
        for (int i = 0; i < Math.min(key.length(), wanted.length()) && mistakes < fewestMistakes; i++) {
            mistakes += Character.toLowerCase(key.charAt(i)) == Character.toLowerCase(wanted.charAt(i)) ? 0 : 1;
        }
        if (mistakes < fewestMistakes) {
            fewestMistakes = mistakes;
            similar = key;
        }
    }

    /** Returns whether the events so far led to this handover. If not, the first ones were missing. */
    boolean hasReached(int cycle) {
        StepRecorder exact = recorders.get(wanted);
        return exact != null && exact.cycle() >= cycle;
    }

    /**
     * Returns the explanation of the conversation. Call this at the end of the log: if an end is still held, its
     * deadline fires now.
     *
     * @param settings the settings that influence decisions and differ from their defaults
     * @throws CommandException if no conversation matches, or more than one
     */
    Explanation finish(Map<String, String> settings) {
        return recorder().explanation(settings, partitioned);
    }

    private StepRecorder recorder() {
        StepRecorder exact = recorders.get(wanted);
        if (exact != null) {
            return exact;
        }
        if (recorders.size() > 1) {
            throw new CommandException("More than one conversation id begins with " + wanted + ": "
                    + String.join(", ", recorders.keySet()) + ". Give more of it.");
        }
        if (recorders.isEmpty()) {
            throw new CommandException("None of the " + deliveries + " deliveries is of the conversation " + wanted
                    + (similar == null ? "." : "; did you mean " + similar + "?"));
        }
        return recorders.values().iterator().next();
    }
}
