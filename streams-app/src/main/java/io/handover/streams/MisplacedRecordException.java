package io.handover.streams;

/**
 * Thrown for a record in another partition than the one to which its key belongs. {@link MisplacedRecordHandler} sends
 * the record to the dead letters.
 */
final class MisplacedRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MisplacedRecordException(String message) {
        // The stack trace is always the same, so it is left out.
        super(message, null, false, false);
    }
}
