package io.handover.conversation;

/** Why a handover ended. */
public enum EndReason {
    /** The customer's session is over. */
    CUSTOMER_END("customer-end"),
    /** The last agent left and wrapped up. */
    AFTER_CALL_WORK("after-call-work"),
    /** The last agent left, and the after-call work was not told of in time. */
    AGENT_LEFT("agent-left"),
    /** An agent wrapped up, and nothing told of a transfer in time. */
    TRANSFER_TIMEOUT("transfer-timeout"),
    /** The customer left the queue, and nobody came in time. */
    QUEUE_ABANDONED("queue-abandoned"),
    /** No event came for as long as the operator allows. */
    IDLE("idle");

    private final String label;

    EndReason(String label) {
        this.label = label;
    }

    /** The {@code reason} of the command. */
    public String label() {
        return label;
    }
}
