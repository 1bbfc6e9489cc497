package io.handover.streams;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fails the stream thread at once when Kafka refuses a record, so that the process stops and nothing is lost. A record
 * that Kafka did not acknowledge in time is sent again: its task restarts from its last commit.
 *
 * <p>No dead letter is sent. The handler of Kafka Streams would send one in the transaction that fails, so nobody could
 * read it. It would send it from the network thread of the producer, which then waits up to 60 s for metadata that only
 * this thread can fetch.
 */
public final class RefusedRecordHandler implements ProductionExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedRecordHandler.class);

    private @Nullable ConversationMetrics metrics;
    private @Nullable Object deadLetters;

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (metrics != null && record.topic().equals(deadLetters)) {
            metrics.deadLetterFailed();
        }
        if (exception instanceof RetriableException) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("task", context.taskId())
                    .addKeyValue("reason", exception.getMessage())
                    .log("Record not acknowledged, restarting its task from the last commit");
            return Response.retry();
        }
        return Response.fail();
    }

    @Override
    @SuppressWarnings("rawtypes") // as in the interface
    public Response handleSerializationError(
            ErrorHandlerContext context,
            ProducerRecord record,
            Exception exception,
            SerializationExceptionOrigin origin) {
        return Response.fail();
    }

    @Override
    public void configure(Map<String, ?> configs) {
        metrics = configs.get(ConversationMetrics.PROPERTY) instanceof ConversationMetrics shared ? shared : null;
        deadLetters = configs.get(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG);
    }
}
