package io.handover.streams;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Commits before {@code commit.interval.ms} has passed where somebody waits: nobody sees a command before its transaction is
 * committed. A commit is for all partitions of a stream thread, so each thread has one instance.
 *
 * <p>A partition that is behind gets no early commits. With fewer transactions it catches up sooner, and its commands are
 * late anyway.
 */
final class EarlyCommits {

    /** The shortest time between two early commits of a thread, so that the work of the brokers has a limit. */
    static final Duration PAUSE = Duration.ofMillis(20);

    /** A partition is behind if its newest record was waiting for longer than this. */
    static final long BEHIND_MS = 1_000;

    private static final ThreadLocal<EarlyCommits> OF_THREAD = ThreadLocal.withInitial(EarlyCommits::new);

    /** When the pause is over, by the wall clock, epoch ms. */
    private long pauseEnds;

    /** Commits at the end of the pause; null if nothing waits for it. */
    private @Nullable Cancellable planned;

    /** The instance of the thread that calls. */
    static EarlyCommits ofThread() {
        return OF_THREAD.get();
    }

    /**
     * A record was written that somebody waits for. It is committed at once, or at the end of the pause.
     *
     * @param context of the task that wrote it
     * @param waitedMs how long the record had waited that made the task write it
     */
    void written(ProcessorContext<?, ?> context, long waitedMs) {
        if (waitedMs > BEHIND_MS) {
            return;
        }
        long now = context.currentSystemTimeMs();
        long remaining = pauseEnds - now;
        // A pause that is longer than any began before the clock was set back.
        if (remaining <= 0 || remaining > PAUSE.toMillis()) {
            commit(context, now);
        } else if (planned == null) {
            planned = context.schedule(
                    Duration.ofMillis(remaining), PunctuationType.WALL_CLOCK_TIME, time -> commit(context, time));
        }
    }

    private void commit(ProcessorContext<?, ?> context, long now) {
        if (planned != null) {
            // Its task may be closed: then it would never run, and no other is planned while it is there.
            planned.cancel();
            planned = null;
        }
        context.commit();
        pauseEnds = now + PAUSE.toMillis();
    }
}
