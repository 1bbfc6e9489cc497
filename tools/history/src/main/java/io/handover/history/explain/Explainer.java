package io.handover.history.explain;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.EventMapper;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.Delivery;
import io.handover.terminal.CommandException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a conversation in a log, and what became of it. Others only move the time: in files all of them, in a topic those
 * of its partition.
 *
 * <p>The conversation may be named by how its id begins: which one is meant shows only at the end of the log, so until
 * then all that begin so are followed.
 */
final class Explainer {

    /** What is shorter begins too many ids to be meant for one. */
    static final int SHORTEST_BEGINNING = 6;

    private static final int MOST_CANDIDATES = 8;
    private static final int MOST_TYPING_MISTAKES = 3;

    private final String wanted;
    private final boolean partitioned;
    private final TransferPolicy policy;
    private final EventMapper reading;
    private final Map<String, ConversationLife> lives = new TreeMap<>();
    private @Nullable String similar;
    private int fewestMistakes = MOST_TYPING_MISTAKES + 1;
    private long deliveries;

    /**
     * @param wanted the conversation's id, or how it begins
     * @param partitioned whether each source has a time of its own, as partitions have
     */
    Explainer(String wanted, boolean partitioned, TransferPolicy policy, EventMapper reading) {
        this.wanted = wanted;
        this.partitioned = partitioned;
        this.policy = policy;
        this.reading = reading;
    }

    /**
     * Takes the next record.
     *
     * @param at the time of its log; never goes back
     */
    void take(PastDelivery past, long at) {
        for (ConversationLife life : lives.values()) {
            if (!partitioned || life.source().equals(past.source())) {
                life.advanceTo(at);
            }
        }
        Delivery delivery = past.delivery();
        String key = past.key();
        if (delivery == null || key == null) {
            return;
        }
        deliveries++;
        if (!isCandidate(key)) {
            remember(key);
            return;
        }
        ConversationEvent event = reading.event(
                Objects.requireNonNull(delivery.type(), "Expected what is read to be of a wanted type"), delivery, at);
        lives.computeIfAbsent(key, id -> new ConversationLife(id, past.source(), policy))
                .take(past, event, at);
    }

    private boolean isCandidate(String key) {
        return key.equals(wanted)
                || lives.containsKey(key)
                || (wanted.length() >= SHORTEST_BEGINNING && key.startsWith(wanted) && lives.size() < MOST_CANDIDATES);
    }

    /** In case that there is no such conversation: which one may have been meant. */
    private void remember(String key) {
        int mistakes = Math.abs(key.length() - wanted.length());
        for (int i = 0; i < Math.min(key.length(), wanted.length()) && mistakes < fewestMistakes; i++) {
            mistakes += Character.toLowerCase(key.charAt(i)) == Character.toLowerCase(wanted.charAt(i)) ? 0 : 1;
        }
        if (mistakes < fewestMistakes) {
            fewestMistakes = mistakes;
            similar = key;
        }
    }

    /**
     * Ends the log. What is still held then comes to its deadline.
     *
     * @param settings what decided, as far as it differs from the defaults
     * @throws CommandException if there is no such conversation, or more than one
     */
    Explanation finish(Map<String, String> settings) {
        return meant().explanation(settings, partitioned);
    }

    private ConversationLife meant() {
        ConversationLife exact = lives.get(wanted);
        if (exact != null) {
            return exact;
        }
        if (lives.size() > 1) {
            throw new CommandException("More than one conversation begins with " + wanted + ": "
                    + String.join(", ", lives.keySet()) + ".");
        }
        if (lives.isEmpty()) {
            throw new CommandException("None of the " + deliveries + " deliveries is of the conversation " + wanted
                    + (similar == null ? "." : "; did you mean " + similar + "?"));
        }
        return lives.values().iterator().next();
    }
}
