package io.handover.history.explain;

import io.handover.conversation.Outcome;
import io.handover.conversation.Phase;
import io.handover.schema.HandoverCommand;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a conversation.
 *
 * @param time when it counted, in the time of the log
 * @param outcome what the decision table made of it; null for {@link Forgotten}, which it knows nothing of
 * @param hold what became of the end that is held, or null if nothing did
 * @param commands what the bot platform was told, in order
 */
record Step(
        Instant time,
        Cause cause,
        @Nullable Outcome outcome,
        Stand before,
        Stand after,
        @Nullable HoldChange hold,
        List<HandoverCommand> commands) {

    Step {
        commands = List.copyOf(commands);
    }

    /** Where the conversation stood. */
    record Stand(int cycle, Phase phase) {}

    /** What made it happen. */
    sealed interface Cause permits Arrived, DeadlinePassed, Forgotten {}

    /**
     * An event arrived.
     *
     * @param topic the end of the Genesys topic name
     * @param eventTime when it happened
     * @param lateMs how long after that it arrived; negative if the sender's clock was ahead
     * @param overtakenBy the event that arrived before and happened after this one, the latest such; null if none did
     * @param sameAs when the same event had arrived before, or null
     * @param source where it is written, and in which line or at which offset
     */
    record Arrived(
            String topic,
            @Nullable String eventId,
            Instant eventTime,
            long lateMs,
            @Nullable Overtaking overtakenBy,
            @Nullable Instant sameAs,
            Words words,
            String source,
            long number)
            implements Cause {}

    /** The event that another one should have come before. */
    record Overtaking(String topic, Instant eventTime) {}

    /**
     * What an event says that matters to a reader. What it does not say is null, or 0.
     *
     * @param otherMs how long an agent's session was held, contacting, dialing or called back
     * @param dataAction whether the old data action sent it
     */
    record Words(
            @Nullable String disconnectType,
            @Nullable String acdOutcome,
            @Nullable String agentId,
            @Nullable String queueId,
            long interactingMs,
            long alertingMs,
            long otherMs,
            @Nullable String replayName,
            boolean dataAction) {}

    /**
     * A deadline passed.
     *
     * @param noticedMs how much later the log got there
     * @param afterLog whether the log ends before, so that this happens only if nothing else comes
     */
    record DeadlinePassed(String reason, Instant since, long noticedMs, boolean afterLog) implements Cause {}

    /** The retention is over: nothing is known of the conversation any more. */
    record Forgotten() implements Cause {}

    /**
     * An end that is held.
     *
     * @param since when it was concluded
     * @param putOff whether its deadline is later than the timeout of its reason, because the conversation may still be
     *     moving on
     */
    record Hold(String reason, Instant since, Instant deadline, boolean putOff) {}

    /**
     * What became of a hold.
     *
     * @param hold the one that is held now, or was until now
     * @param was the one before it; null if there was none
     */
    record HoldChange(Kind kind, Hold hold, @Nullable Hold was) {

        /** What became of it. */
        enum Kind {
            HELD,
            /** The same end, at another time. */
            MOVED,
            /** Another end instead. */
            REPLACED,
            DROPPED
        }
    }
}
