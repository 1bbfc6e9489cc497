package io.handover.conversation;

/** Why a handover ended. */
public enum EndReason {
    /** The customer's session is over. */
    CUSTOMER_END("customer-end"),
    /** The last agent left, and completed the after-call work. */
    AFTER_CALL_WORK("after-call-work"),
    /** The last agent left, and no acw arrived within the after-call-work timeout. */
    AGENT_LEFT("agent-left"),
    /** An acw arrived without an end of the agent session, and no transfer within the transfer timeout. */
    TRANSFER_TIMEOUT("transfer-timeout"),
    /** The customer left the queue, and no agent came within the transfer timeout. */
    QUEUE_ABANDONED("queue-abandoned"),
    /** No event arrived for the configured time ({@link TransferPolicy#maxIdleMs}). */
    IDLE("idle");

    private final String label;

    EndReason(String label) {
        this.label = label;
    }

    /** The value of the field {@code reason} in the command. */
    public String label() {
        return label;
    }
}
