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
 * One step of a conversation: an event, an operator's order, an agent profile, a deadline, or the end of the retention.
 *
 * @param time the time of the step, in stream time
 * @param outcome the row of the decision table that applied; null for a {@link RetentionEnd} without an open
 *     handover
 * @param before the status before the step
 * @param after the status after the step
 * @param hold the change of the hold; null if the hold did not change
 * @param commands the commands of the decision, in order
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

    /** The number of the conversation's current handover, and the phase. */
    record Status(int cycle, Phase phase) {}

    /** The cause of a step. */
    sealed interface Cause permits Arrival, ProfileArrival, DeadlineFiring, RetentionEnd {}

    /**
     * The arrival of an event, or of an operator's order.
     *
     * @param topic the end of the Genesys topic name, for example {@code user.end}
     * @param lateMs the time from the event time to the arrival; negative if a clock is wrong
     * @param overtakenBy the event with the latest event time so far, if it is later than the time of this event;
     *     otherwise null, also for a duplicate
     * @param sameAs the arrival time of the first copy, if this event is a duplicate; otherwise null
     * @param source the file or partition that contains the event
     * @param fields the fields that help to explain a decision
     * @param number the line in the file, or the offset in the partition
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

    /**
     * The arrival of the profile of an agent. It shows no name, because a name must be forgotten.
     *
     * @param known whether the directory knows the agent
     */
    record ProfileArrival(String agentId, boolean known) implements Cause {}

    /** An event that arrived earlier than another event, but happened later. */
    record LaterEvent(String topic, @JsonValue Instant eventTime) {}

    /**
     * The fields of an event that help to explain a decision. A field that the event does not have is null or 0.
     *
     * @param otherMs the time for which an agent session was on hold, contacting, dialing or in a callback
     * @param dataAction whether the old data action sent the event
     * @param order the order of an operator; null for an event of Genesys
     */
    record EventFields(
            @Nullable String disconnectType,
            @Nullable String acdOutcome,
            @Nullable String flowType,
            @Nullable String exitReason,
            @Nullable String agentId,
            @Nullable String queueId,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long interactingMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long alertingMs,
            @JsonInclude(JsonInclude.Include.NON_DEFAULT) long otherMs,
            @Nullable String replayName,
            boolean dataAction,
            @Nullable Order order) {

        static EventFields of(Order order) {
            return new EventFields(null, null, null, null, null, null, 0, 0, 0, null, false, order);
        }
    }

    /** What an operator ordered, who it was, and why, as stated. */
    record Order(String action, String operator, String reason) {}

    /**
     * The firing of a deadline.
     *
     * @param reason the reason of the held end
     * @param since the time since which the end was held
     * @param noticedMs the time from the deadline to the stream time at which the deadline fired
     * @param afterLog whether the log ends before the deadline; the deadline fires only if no other event arrives
     */
    record DeadlineFiring(String reason, Instant since, long noticedMs, boolean afterLog) implements Cause {}

    /** The end of the retention. The state of the conversation is deleted. */
    record RetentionEnd() implements Cause {}

    /**
     * An end that is held.
     *
     * @param reason the reason of the end
     * @param since the time at which the end was concluded, in stream time
     * @param deadline the time at which the handover ends, unless an event refutes the end
     * @param putOff whether the deadline is later than the usual timeout of the reason, because a transfer or a decline
     *     is recent
     */
    record Hold(String reason, Instant since, Instant deadline, boolean putOff) {}

    /**
     * A change of the hold.
     *
     * @param hold the end that is held now; for {@link Kind#DROPPED} the end that is no longer held
     * @param was the hold before the change; null for {@link Kind#HELD} and {@link Kind#DROPPED}
     */
    record HoldChange(
            @JsonProperty("change") Kind kind,
            @JsonUnwrapped Hold hold,
            @Nullable Hold was) {

        enum Kind {
            HELD,
            /** The same end is held until another deadline. */
            MOVED,
            /** Another end is held instead of the previous one. */
            REPLACED,
            DROPPED
        }
    }
}
