package io.handover.reference;

/**
 * The settings on which the model's decisions depend. All times are milliseconds.
 *
 * @param graceMs how long an end concluded from agents' events waits for a late event that refutes it
 * @param transferTimeoutMs how long an end is held because the chat may only be moving to another queue or agent
 * @param afterCallWorkTimeoutMs how long an end waits for the acw of an agent who left
 * @param customerEndEnds whether {@code customer.end} ends a handover
 * @param agentsEnd whether agents' and queues' events end a handover
 */
public record Rules(
        long graceMs, long transferTimeoutMs, long afterCallWorkTimeoutMs, boolean customerEndEnds, boolean agentsEnd) {

    /** The product's defaults. */
    public static final Rules DEFAULT = new Rules(2_000, 10_000, 120_000, true, true);
}
