package io.handover.reference;

/**
 * The settings on which the model's decisions depend. All times are milliseconds.
 *
 * @param graceMs how long an end concluded from agents' events waits for a late event that refutes it
 * @param transferTimeoutMs how long an end is held because the chat may only be moving to another queue or agent
 * @param afterCallWorkTimeoutMs how long an end waits for the acw of an agent who left
 * @param customerEndEnds whether {@code customer.end} ends a handover
 * @param agentsEnd whether agents', queues' and flows' events end a handover
 * @param retentionMs how long a conversation is remembered after its newest event, and how old an event may be
 * @param profileRetentionMs how long the profile of an agent is shown at announcements
 */
public record Rules(
        long graceMs,
        long transferTimeoutMs,
        long afterCallWorkTimeoutMs,
        boolean customerEndEnds,
        boolean agentsEnd,
        long retentionMs,
        long profileRetentionMs) {

    private static final long DAY_MS = 86_400_000L;
    private static final long FOUR_DAYS_MS = 4 * DAY_MS;
    private static final long SEVEN_DAYS_MS = 7 * DAY_MS;

    /** The product's defaults. */
    public static final Rules DEFAULT = new Rules(2_000, 10_000, 120_000, true, true);

    /** Creates rules with the product's default retention of profiles. */
    public Rules(
            long graceMs,
            long transferTimeoutMs,
            long afterCallWorkTimeoutMs,
            boolean customerEndEnds,
            boolean agentsEnd,
            long retentionMs) {
        this(
                graceMs,
                transferTimeoutMs,
                afterCallWorkTimeoutMs,
                customerEndEnds,
                agentsEnd,
                retentionMs,
                SEVEN_DAYS_MS);
    }

    /** Creates rules with the product's default retentions. */
    public Rules(
            long graceMs,
            long transferTimeoutMs,
            long afterCallWorkTimeoutMs,
            boolean customerEndEnds,
            boolean agentsEnd) {
        this(graceMs, transferTimeoutMs, afterCallWorkTimeoutMs, customerEndEnds, agentsEnd, FOUR_DAYS_MS);
    }
}
