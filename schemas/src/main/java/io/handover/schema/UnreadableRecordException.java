package io.handover.schema;

/**
 * Thrown for bytes that are not what their topic holds. The message says in one sentence what is wrong. It never quotes
 * the payload, because it is written to logs and to the headers of dead letters. The stack trace is written there too,
 * so there is no cause either.
 */
public final class UnreadableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableRecordException(String message) {
        super(message);
    }
}
