package io.handover.reference;

/**
 * What an operator has configured, as far as it changes what must come out. All times are milliseconds.
 *
 * @param graceMs how long an end concluded from agents' events waits for a straggler
 * @param transferTimeoutMs how long an end is held because the chat may only be moving between queues
 * @param afterCallWorkTimeoutMs how long an agent who left is given to wrap up
 * @param customerEndEnds whether {@code customer.end} ends a handover
 * @param agentsEnd whether agents' and queues' events end a handover
 */
public record Rules(
        long graceMs, long transferTimeoutMs, long afterCallWorkTimeoutMs, boolean customerEndEnds, boolean agentsEnd) {

    /** What the product does unless told otherwise. */
    public static final Rules DEFAULT = new Rules(2_000, 10_000, 120_000, true, true);
}
