package io.handover.conversation;

import io.handover.conversation.TransferPolicy.AnnounceOn;

/** The default policy with one change each. */
final class Policies {

    static final TransferPolicy ON_ANSWER = policy(true, true, AnnounceOn.ANSWER, 0);

    /** {@code customer.end} ends nothing. */
    static final TransferPolicy AGENTS_ONLY = policy(false, true, AnnounceOn.START, 0);

    /** Only {@code customer.end} ends a handover. */
    static final TransferPolicy CUSTOMER_ONLY = policy(true, false, AnnounceOn.START, 0);

    /** An open handover ends after ten minutes without an event. */
    static final TransferPolicy IDLE = policy(true, true, AnnounceOn.START, 600_000);

    /** Names and pictures are shown; a name is asked for again after an hour. */
    static final TransferPolicy PROFILES = new TransferPolicy(
            10_000,
            120_000,
            2_000,
            true,
            true,
            AnnounceOn.START,
            4 * 86_400_000L,
            0,
            new ProfilePolicy(true, 3_600_000, 7 * 86_400_000L));

    private Policies() {}

    private static TransferPolicy policy(
            boolean customerEndEnds, boolean agentsEnd, AnnounceOn announceOn, long maxIdleMs) {
        return new TransferPolicy(
                10_000,
                120_000,
                2_000,
                customerEndEnds,
                agentsEnd,
                announceOn,
                4 * 86_400_000L,
                maxIdleMs,
                ProfilePolicy.DEFAULT);
    }
}
