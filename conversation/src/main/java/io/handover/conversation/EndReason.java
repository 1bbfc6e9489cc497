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
    /** A flow disconnected the conversation, and no agent came within the transfer timeout. */
    FLOW_DISCONNECTED("flow-disconnected"),
    /** No event arrived for the configured time ({@link TransferPolicy#maxIdleMs}). */
    IDLE("idle"),
    /** No event arrived for the retention, so the conversation is forgotten. */
    EXPIRED("expired"),
    /** An operator ordered the end. */
    OPERATOR("operator");

    private final String label;

    EndReason(String label) {
        this.label = label;
    }

    /** The value of the field {@code reason} in the command. */
    public String label() {
        return label;
    }

    /**
     * How long an end is held for this reason, in milliseconds. An end that agents, queues or flows cause is held for
     * the out-of-order grace at least: a short timeout must not cut off late events.
     */
    public long holdMs(TransferPolicy policy) {
        return switch (this) {
            case CUSTOMER_END, OPERATOR -> 0;
            case AFTER_CALL_WORK -> policy.outOfOrderGraceMs();
            case AGENT_LEFT -> Math.max(policy.afterCallWorkTimeoutMs(), policy.outOfOrderGraceMs());
            case TRANSFER_TIMEOUT, QUEUE_ABANDONED, FLOW_DISCONNECTED ->
                Math.max(policy.transferTimeoutMs(), policy.outOfOrderGraceMs());
            case IDLE -> policy.maxIdleMs();
            case EXPIRED -> policy.retentionMs();
        };
    }
}
