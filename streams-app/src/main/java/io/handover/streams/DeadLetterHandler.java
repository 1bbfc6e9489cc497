package io.handover.streams;

import io.handover.streams.ConversationMetrics.DeadLetter;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends an unreadable record to the dead letters, as Kafka Streams does, and logs one line per record. Kafka Streams
 * itself would log two stack traces per record; {@code logback.xml} switches them off.
 */
public final class DeadLetterHandler extends LogAndContinueExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterHandler.class);

    /** The log shows this many characters of the reason at most, because the reason may quote the record. */
    private static final int MAX_REASON = 200;

    private @Nullable ConversationMetrics metrics;

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        metrics = configs.get(ConversationMetrics.PROPERTY) instanceof ConversationMetrics shared ? shared : null;
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        String reason = String.valueOf(exception.getMessage());
        LOG.atWarn()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("reason", reason.substring(0, Math.min(reason.length(), MAX_REASON)))
                .log("Unreadable record sent to the dead letters");
        if (metrics != null) {
            metrics.deadLetter(DeadLetter.UNREADABLE);
            metrics.partitions().skipped(record.partition(), record.offset());
        }
        return super.handleError(context, record, exception);
    }
}
