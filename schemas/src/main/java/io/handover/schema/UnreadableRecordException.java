package io.handover.schema;

/**
 * Thrown if the bytes of a record are not a valid record of its topic. The message is one sentence and never quotes the
 * payload, because the message is written to logs and to the headers of dead letters. The exception has no cause,
 * because the stack trace is written there, too.
 */
public final class UnreadableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String message) {
        super(message);
    }
}
