package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * An event of a conversation, or the order of an operator, in the form that the decisions use. It determines what it does to the facts, which row of the
 * decision table applied, and what it opens after an end.
 */
public sealed interface ConversationEvent
        permits CustomerStarted,
                CustomerEnded,
                AgentStarted,
                AgentEnded,
                AfterCallWorkCompleted,
                QueueEntered,
                QueueLeft,
                FlowStarted,
                FlowEnded,
                OperatorOrdered,
                OtherEvent {

    /** The fields that every event has. */
    Details details();

    /** The state with the facts that this event reports. Every order of events leads to the same facts. */
    ConversationState mergeInto(ConversationState state, long at, TransferPolicy policy);

    /**
     * The row of the decision table that applied in an open handover.
     *
     * @param facts the facts after this event was merged
     * @param reading what the facts say
     */
    Outcome outcome(HandoverFacts facts, Reading reading);

    /** What the event opens after the end of a handover. */
    Opening opening(ConversationState ended, long at, TransferPolicy policy);

    /** The event time. */
    default long time() {
        return evidence().eventTime().toEpochMilli();
    }

    /** The short form of the event that a command carries. */
    default Evidence evidence() {
        return details().evidence();
    }

    /**
     * The fields that every event has.
     *
     * @param evidence the short form of the event that a command carries
     * @param fingerprint identifies the event for deduplication, or null if the event states too little
     * @param sessionId the id of the participant's session, or null
     * @param customerId the customer's Open Messaging id, or null
     * @param organizationId the bot platform's organisation, or null
     */
    record Details(
            Evidence evidence,
            @Nullable Fingerprint fingerprint,
            @Nullable String sessionId,
            @Nullable String customerId,
            @Nullable String organizationId) {}
}
