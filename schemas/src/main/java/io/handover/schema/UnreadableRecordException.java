package io.handover.schema;

import org.apache.kafka.common.errors.SerializationException;

/**
 * Bytes that are not what their topic holds. The message says in one sentence what is wrong, and never quotes the
 * payload: it ends up in logs and in the headers of dead letters. So does the stack trace, so there is no cause either.
 */
public final class UnreadableRecordException extends SerializationException {

    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String message) {
        super(message);
    }
}
