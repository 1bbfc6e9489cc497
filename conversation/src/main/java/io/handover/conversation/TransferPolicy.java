package io.handover.conversation;

/**
 * The settings that the decisions depend on. All times are milliseconds.
 *
 * @param transferTimeoutMs how long an end is held because the chat may only be moving to another queue or agent
 * @param afterCallWorkTimeoutMs how long an end waits for the acw of an agent who left
 * @param outOfOrderGraceMs how long an end concluded from agents' events waits for a late event that refutes it
 * @param customerEndEnds whether {@code customer.end} ends a handover
 * @param agentsEnd whether agents' and queues' events end a handover
 * @param announceOn when an agent is announced
 * @param retentionMs how long a conversation is remembered after its newest event, and how old an event may be
 * @param maxIdleMs the time without an event after which an open handover ends; 0 for never
 */
public record TransferPolicy(
        long transferTimeoutMs,
        long afterCallWorkTimeoutMs,
        long outOfOrderGraceMs,
        boolean customerEndEnds,
        boolean agentsEnd,
        AnnounceOn announceOn,
        long retentionMs,
        long maxIdleMs,
        ProfilePolicy profiles) {

    /** When {@code agent-updated} is sent. */
    public enum AnnounceOn {
        /** When the agent is alerted. The agent may still decline. */
        START,
        /**
         * When the agent answers from a queue. If no queue offered the conversation, the agent is announced when
         * alerted.
         */
        ANSWER
    }

    /** The default settings. */
    public static final TransferPolicy DEFAULT = new TransferPolicy(
            10_000, 120_000, 2_000, true, true, AnnounceOn.START, 4 * 86_400_000L, 0, ProfilePolicy.DEFAULT);

    /**
     * Validates the times.
     *
     * @throws IllegalArgumentException if a time is negative, or the retention does not outlast every hold
     */
    public TransferPolicy {
        if (transferTimeoutMs < 0 || afterCallWorkTimeoutMs < 0 || outOfOrderGraceMs < 0 || maxIdleMs < 0) {
            throw new IllegalArgumentException("Expected times of 0 or more, but one is negative");
        }
        long longestHold = Math.max(Math.max(transferTimeoutMs, afterCallWorkTimeoutMs), outOfOrderGraceMs);
        if (retentionMs <= longestHold || retentionMs <= maxIdleMs) {
            // If the state were deleted before its deadline, the end of the handover would never be announced.
            throw new IllegalArgumentException("Expected the retention to outlast every hold, but it does not");
        }
    }
}
