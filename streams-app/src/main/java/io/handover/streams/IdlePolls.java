package io.handover.streams;

import java.time.Duration;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Makes the polls of a stream thread longer while it has nothing to do. A poll returns at once when a record arrives, but
 * a thread commits and punctuates only between two polls. So polls are short, {@code poll.ms}, until the pause of the
 * {@link EarlyCommits} and the commit interval are over.
 */
final class IdlePolls {

    /** The length of a poll without traffic. A clock tick is written later by up to as much. */
    private static final Duration IDLE = Duration.ofMillis(250);

    private final long emptyUntilIdle;
    private long empty;

    /** @param emptyUntilIdle how many polls in a row return nothing before they become longer */
    IdlePolls(long emptyUntilIdle) {
        this.emptyUntilIdle = emptyUntilIdle;
    }

    static IdlePolls of(StreamsConfig config) {
        long pollMs = Math.max(1, config.getLong(StreamsConfig.POLL_MS_CONFIG));
        long waitMs = Math.max(EarlyCommits.PAUSE.toMillis(), config.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
        return new IdlePolls(waitMs / pollMs + 1);
    }

    /** The timeout of the next poll. */
    Duration timeout(Duration asked) {
        // While a rebalance is in progress, a thread asks for no time at all.
        boolean isIdle = empty >= emptyUntilIdle && !asked.isZero();
        return isIdle && asked.compareTo(IDLE) < 0 ? IDLE : asked;
    }

    void polled(boolean isEmpty) {
        empty = isEmpty ? empty + 1 : 0;
    }
}
