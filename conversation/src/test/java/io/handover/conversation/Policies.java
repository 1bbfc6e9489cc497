package io.handover.conversation;

import io.handover.conversation.TransferPolicy.AnnounceOn;

/** The default policy with one change each. */
final class Policies {

    static final TransferPolicy ON_ANSWER = policy(true, AnnounceOn.ANSWER, 0);

    /** {@code customer.end} ends nothing. */
    static final TransferPolicy AGENTS_ONLY = policy(false, AnnounceOn.START, 0);

    /** An open handover ends after ten minutes without an event. */
    static final TransferPolicy IDLE = policy(true, AnnounceOn.START, 600_000);

    private Policies() {}

    private static TransferPolicy policy(boolean customerEndEnds, AnnounceOn announceOn, long maxIdleMs) {
        return new TransferPolicy(
                10_000, 120_000, 2_000, customerEndEnds, true, announceOn, 4 * 86_400_000L, maxIdleMs);
    }
}
