package io.handover.history.explain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import io.handover.conversation.Outcome;
import io.handover.conversation.Phase;
import io.handover.schema.HandoverCommand;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a conversation: an event, a deadline, or the end of its retention.
 *
 * @param time when it counted, in stream time
 * @param outcome the row of the decision table that applied; null for {@link RetentionEnd}, which has no row
 * @param hold how the hold changed, or null if it did not
 * @param commands what was decided, in order
 */
record Step(
        Instant time,
        Cause cause,
        @Nullable Outcome outcome,
        Status before,
        Status after,
        @Nullable HoldChange hold,
        List<HandoverCommand> commands) {

    Step {
        commands = List.copyOf(commands);
    }

    /** Where the conversation stood. */
    record Status(int cycle, Phase phase) {}

    /** What caused the step. */
    sealed interface Cause permits Arrival, DeadlineFiring, RetentionEnd {}

    /**
     * An event arrived.
     *
     * @param topic the end of the Genesys topic name
     * @param lateMs from the event time to the arrival; negative if the sender's clock was ahead
     * @param overtakenBy of the events that arrived before and happened later, the latest; null if there is none
     * @param sameAs when the same event had arrived before, or null
     * @param source the file or partition that contains it
     * @param number its line or offset there
     */
    record Arrival(
            String topic,
            @Nullable String eventId,
            Instant eventTime,
            long lateMs,
            @Nullable LaterEvent overtakenBy,
            @Nullable Instant sameAs,
            @JsonUnwrapped EventFields fields,
            String source,
            long number)
            implements Cause {}

    /** An event that arrived before one that had happened earlier. */
    record LaterEvent(String topic, @JsonValue Instant eventTime) {}

    /**
     * The fields of an event that explain a decision; null or 0 if it does not have them.
     *
     * @param otherMs how long an agent session was on hold, contacting, dialing or in a callback
     * @param dataAction whether the old data action sent it
     */
    record EventFields(
            @Nullable String disconnectType,
            @Nullable String acdOutcome,
            @Nullable String agentId,
            @Nullable String queueId,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long interactingMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long alertingMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long otherMs,
            @Nullable String replayName,
            boolean dataAction) {}

    /**
     * A deadline fired.
     *
     * @param noticedMs how much later the log reached that time
     * @param afterLog whether the log ends before the deadline, which fires only if no other event arrives
     */
    record DeadlineFiring(String reason, Instant since, long noticedMs, boolean afterLog) implements Cause {}

    /** The retention ended: the conversation is forgotten. */
    record RetentionEnd() implements Cause {}

    /**
     * An end that is held.
     *
     * @param since when it was concluded
     * @param putOff whether its deadline is later than the timeout of its reason, because the conversation may still be
     *     moving on
     */
    record Hold(String reason, Instant since, Instant deadline, boolean putOff) {}

    /**
     * How a hold changed.
     *
     * @param hold the end that is held now; for {@link Kind#DROPPED} the one that was
     * @param was the hold before; null if there was none
     */
    record HoldChange(
            @JsonProperty("change") Kind kind,
            @JsonUnwrapped Hold hold,
            @Nullable Hold was) {

        /** The kind of change. */
        enum Kind {
            HELD,
            /** The same end has another deadline. */
            MOVED,
            /** Another end is held instead. */
            REPLACED,
            DROPPED
        }
    }
}
