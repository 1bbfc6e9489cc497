package io.handover.streams;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops Kafka Streams, as planned or after a failed stream thread, and leaves the consumer group. Otherwise no other
 * member gets the partitions until the session times out, and every held end in them waits that long.
 */
final class StreamsShutdown {

    private static final Logger LOG = LoggerFactory.getLogger(StreamsShutdown.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final KafkaStreams streams;
    private final StreamsConfig config;
    private final GroupMembershipOperation whenPlanned;
    private volatile boolean failed;

    StreamsShutdown(KafkaStreams streams, StreamsConfig config) {
        this.streams = streams;
        this.config = config;
        // A static member (group.instance.id) is expected back within its session, so it keeps its partitions.
        boolean isStatic =
                config.getMainConsumerConfigs("", "", 0).containsKey(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        whenPlanned = isStatic ? GroupMembershipOperation.REMAIN_IN_GROUP : GroupMembershipOperation.LEAVE_GROUP;
    }

    /**
     * Stops when a stream thread fails. Must be called before the threads start.
     *
     * @param fatal receives the failure, on the failed thread
     */
    void whenThreadFails(Consumer<Throwable> fatal) {
        streams.setUncaughtExceptionHandler(failure -> {
            failed = true;
            Throwable reason = logged(failure);
            leave();
            fatal.accept(reason);
            return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    /** Logs one line for a refused record or a missing right, and the stack trace of any other failure. */
    private Throwable logged(Throwable failure) {
        // Nothing is lost: the transaction is aborted, and the next start continues from the last commit.
        Optional<MissingRightException> missing = MissingRightException.in(failure, config);
        if (missing.isPresent()) {
            LOG.atError()
                    .addKeyValue("reason", missing.get().getMessage())
                    .log("Missing right in Kafka, stopping the application");
            return missing.get();
        }
        Optional<RefusedRecordException> refused = RefusedRecordException.in(failure);
        if (refused.isEmpty()) {
            LOG.error("Stream thread failed, stopping the application", failure);
            return failure;
        }
        LOG.atError()
                .addKeyValue("topic", refused.get().topic())
                .addKeyValue("reason", refused.get().reason())
                .log("Record refused by Kafka, stopping the application");
        return refused.get();
    }

    /**
     * Begins to stop on the failed thread, without waiting. The response SHUTDOWN_CLIENT alone would keep every thread
     * in the group; it has no effect once the shutdown has begun.
     */
    private void leave() {
        // A close that runs already waits for this thread, so this thread must not wait for that close.
        if (!streams.state().hasStartedOrFinishedShuttingDown()) {
            streams.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(Duration.ZERO));
        }
    }

    /** Whether a stream thread has failed. */
    boolean hasFailed() {
        return failed;
    }

    /** Stops and waits at most 20 s for the stream threads. */
    void close() {
        if (!streams.close(CloseOptions.groupMembershipOperation(whenPlanned).withTimeout(TIMEOUT))) {
            LOG.atWarn().addKeyValue("timeout", TIMEOUT).log("Stream threads did not stop in time");
        }
    }
}
