package io.handover.conversation;

/** The row of the decision table in {@link ConversationStateMachine} that applied to an event or a deadline. */
public enum Outcome {
    CUSTOMER_ENDED(1, "customer-ended"),
    CUSTOMER_TRANSFERRED(2, "customer-transferred"),
    AGENT_STARTED(3, "agent-started"),
    AGENT_START_AFTER_END(4, "agent-start-after-end"),
    AGENT_TRANSFERRED(5, "agent-transferred"),
    AGENT_DECLINED(6, "agent-declined"),
    AGENT_LEFT_OTHERS(7, "agent-left-others"),
    AGENT_LEFT_WRAPPED_UP(8, "agent-left-wrapped-up"),
    AGENT_LEFT(9, "agent-left"),
    WRAP_UP_OF_TRANSFER(10, "wrap-up-of-transfer"),
    WRAP_UP(11, "wrap-up"),
    WRAP_UP_NOTED(12, "wrap-up-noted"),
    WRAP_UP_HELD(13, "wrap-up-held"),
    LEGLESS_WRAP_UP_OF_TRANSFER(14, "legless-wrap-up-of-transfer"),
    LEGLESS_WRAP_UP_HELD(15, "legless-wrap-up-held"),
    QUEUE_ENTERED(16, "queue-entered"),
    QUEUE_ANSWERED(17, "queue-answered"),
    QUEUE_ABANDONED(18, "queue-abandoned"),
    NOTED(19, "noted"),
    REOPENED_BY_START(20, "reopened-by-start"),
    REOPENED_BY_END(21, "reopened-by-end"),
    AFTER_END(22, "after-end"),
    DUPLICATE(23, "duplicate"),
    TOO_OLD(24, "too-old"),
    DEADLINE_STALE(25, "deadline-stale"),
    /** A held end (row 8, 9, 11, 13, 15 or 18) is announced, or the handover ends because it was idle for too long. */
    DEADLINE_ENDED(25, "deadline-ended");

    private final int row;
    private final String label;

    Outcome(int row, String label) {
        this.row = row;
        this.label = label;
    }

    public int row() {
        return row;
    }

    /** The value of the tag {@code outcome} of the metric {@code handover_events_total}. */
    public String label() {
        return label;
    }
}
