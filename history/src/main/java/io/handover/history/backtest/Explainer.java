package io.handover.history.backtest;

import io.handover.history.PastDelivery;
import io.handover.schema.Delivery;
import io.handover.service.CommandException;
import io.handover.streams.ConversationFold;
import io.handover.streams.DeliveryReading;
import io.handover.streams.conversation.ConversationEvent;
import io.handover.streams.conversation.ConversationState;
import io.handover.streams.conversation.Pending;
import io.handover.streams.conversation.TransferPolicy;
import io.handover.streams.conversation.Transition;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a conversation in a log, and what became of it. The deliveries of all others only move the time.
 *
 * <p>The conversation may be named by how its id begins: which one is meant shows only at the end of the log, so until
 * then all that begin so are followed.
 */
final class Explainer implements ConversationFold.Observer {

    /** What is shorter begins too many ids to be meant for one. */
    static final int SHORTEST_BEGINNING = 6;

    private static final int MOST_CANDIDATES = 8;
    private static final int MOST_TYPING_MISTAKES = 3;

    private final String wanted;
    private final TransferPolicy policy;
    private final DeliveryReading reading;
    private final ConversationFold fold;
    private final Map<String, ConversationLife> lives = new TreeMap<>();
    private @Nullable String similar;
    private int fewestMistakes = MOST_TYPING_MISTAKES + 1;
    private @Nullable PastDelivery current;
    private long deliveries;
    private long time = Long.MIN_VALUE;
    private boolean logEnded;

    /** @param wanted the conversation's id, or how it begins */
    Explainer(String wanted, TransferPolicy policy, DeliveryReading reading) {
        this.wanted = wanted;
        this.policy = policy;
        this.reading = reading;
        this.fold = ConversationFold.onHeap(policy, this);
    }

    /**
     * Takes the next record of the log.
     *
     * @param at the time of the log; never goes back
     */
    void take(PastDelivery past, long at) {
        time = at;
        fold.advanceTo(at);
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
        current = past;
        ConversationEvent event = reading.event(
                Objects.requireNonNull(delivery.type(), "Expected what is read to be of a wanted type"), delivery, at);
        fold.apply(key, event, at, past.time());
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
     * @throws CommandException if there is no such conversation, or more than one
     */
    Explanation finish(Map<String, String> settings) {
        ConversationLife life = meant();
        long logEnd = time;
        logEnded = true;
        for (Pending held = life.pending(); held != null; held = life.pending()) {
            // To this deadline and no further: what is beyond may be forgotten there.
            time = Math.max(time, held.deadline());
            fold.advanceTo(time);
        }
        return life.explanation(settings, logEnd);
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

    private ConversationLife life(String conversationId) {
        return lives.computeIfAbsent(conversationId, id -> new ConversationLife(id, policy));
    }

    @Override
    public void applied(
            String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
        PastDelivery delivery = Objects.requireNonNull(current, "Expected an event to come of a delivery");
        life(conversationId).applied(delivery, time, before, event, transition);
    }

    @Override
    public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
        life(conversationId).fired(before, deadline, transition, time, logEnded);
    }

    @Override
    public void forgotten(String conversationId, ConversationState last) {
        life(conversationId).forgotten(last);
    }
}
