package io.handover.streams;

import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/**
 * Commits before {@code commit.interval.ms} has passed where somebody waits: nobody sees a command before its transaction is
 * committed. All partitions of a stream thread have one transaction, so each thread has one instance.
 *
 * <p>A partition that is behind asks for no early commits. With fewer transactions it catches up sooner, and its commands are
 * late anyway.
 */
final class EarlyCommits {

    /** The shortest time from the end of a transaction to the next early commit, so that the work of the brokers has a limit. */
    static final Duration PAUSE = Duration.ofMillis(20);

    /** A partition is behind if its oldest record waits for longer than this. */
    static final double BEHIND_SECONDS = 1;

    private static final ThreadLocal<EarlyCommits> OF_THREAD =
            ThreadLocal.withInitial(() -> new EarlyCommits(Clock.SYSTEM));

    private final Clock clock;

    /** When the last transaction ended, by the monotonic clock, in ns. */
    private long pauseBegan;

    /** A commit was asked for and is not made yet. It covers all that is written until then. */
    private boolean isAsked;

    /** Asks for a commit at the end of the pause; null if nobody waits for it. */
    private @Nullable Cancellable planned;

    EarlyCommits(Clock clock) {
        this.clock = clock;
        this.pauseBegan = clock.monotonicTime() - PAUSE.toNanos();
    }

    /** A producer of Kafka Streams that reports the end of each transaction. */
    static Producer<byte[], byte[]> producer(Map<String, Object> config) {
        return new TransactionalProducer(config);
    }

    /** The instance of the thread that calls. */
    static EarlyCommits ofThread() {
        return OF_THREAD.get();
    }

    /**
     * A record was written that somebody waits for. It is committed at once, or at the end of the pause.
     *
     * @param context of the task that wrote it
     * @param lagSeconds for how long the oldest record of its partition has waited; NaN if it is unknown
     */
    void written(ProcessorContext<?, ?> context, double lagSeconds) {
        if (isAsked || planned != null || lagSeconds > BEHIND_SECONDS) {
            return;
        }
        Duration rest = PAUSE.minusNanos(clock.monotonicTime() - pauseBegan);
        // Kafka Streams plans in whole milliseconds.
        if (rest.toMillis() <= 0) {
            ask(context);
        } else {
            planned = context.schedule(rest, PunctuationType.WALL_CLOCK_TIME, time -> ask(context));
        }
    }

    private void ask(ProcessorContext<?, ?> context) {
        isAsked = true;
        context.commit();
    }

    /** The transaction of the thread was committed or aborted. So nothing waits any more, and the pause begins. */
    void transactionEnded() {
        isAsked = false;
        if (planned != null) {
            planned.cancel();
            planned = null;
        }
        pauseBegan = clock.monotonicTime();
    }

    /** The producer of a stream thread, which alone uses it. */
    private static final class TransactionalProducer extends KafkaProducer<byte[], byte[]> {

        private TransactionalProducer(Map<String, Object> config) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            EarlyCommits.ofThread().transactionEnded();
        }

        @Override
        public void abortTransaction() {
            super.abortTransaction();
            EarlyCommits.ofThread().transactionEnded();
        }
    }
}
