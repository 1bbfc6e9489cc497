package io.handover.streams;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends a misplaced record to the dead letters as it was read, and adds the reason as a header. Any other exception
 * stops the application. The superclass would log each record; {@code logback.xml} switches that off.
 */
public final class MisplacedRecordHandler extends LogAndContinueProcessingExceptionHandler {

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (!(exception instanceof MisplacedRecordException)) {
            return Response.fail();
        }
        Response resumed = super.handleError(context, record, exception);
        byte[] reason = String.valueOf(exception.getMessage()).getBytes(StandardCharsets.UTF_8);
        resumed.deadLetterQueueRecords()
                .forEach(deadLetter -> deadLetter.headers().add(ConversationProcessor.REASON_HEADER, reason));
        return resumed;
    }
}
