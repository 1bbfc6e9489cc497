package io.handover.ingress;

/**
 * The states of an {@link Exchange}.
 *
 * <p>If the connection fails, the exchange is answered first, as in the other cases, and then becomes FINISHED at once.
 * Two events change nothing: a second answer, and every event after FINISHED.
 */
enum ExchangeState {
    /**
     * The headers of the request are complete and are being checked.
     *
     * <pre>
     * action: none, the body is not read yet
     * transitions to:
     *   READING_BODY   : the headers are accepted
     *   ANSWERED_EARLY : the headers suffice to reject the request
     * </pre>
     */
    RECEIVED,

    /**
     * The headers are accepted and the body is being received. The answer timeout has started, and it ends with the
     * answer.
     *
     * <pre>
     * action: received bytes are kept and counted
     * transitions to:
     *   DECIDING       : the body is complete
     *   ANSWERED_EARLY : the body is too large, too many bytes are in memory, the answer timeout expired, or the
     *                    connection failed
     * </pre>
     */
    READING_BODY,

    /**
     * The request has ended. Its body is being authenticated and parsed.
     *
     * <pre>
     * action: none
     * transitions to:
     *   WAITING_FOR_KAFKA : a slot was acquired for a record that is sent to Kafka
     *   WRITING_ANSWER    : the delivery is answered without Kafka
     * </pre>
     */
    DECIDING,

    /**
     * The exchange occupies a slot until Kafka acknowledges or rejects the record.
     *
     * <pre>
     * action: the slot is released with the answer
     * transitions to:
     *   WRITING_ANSWER : Kafka acknowledged or rejected, the answer timeout expired, or the connection failed
     * </pre>
     */
    WAITING_FOR_KAFKA,

    /**
     * The exchange was answered before the request ended. The answer is being written.
     *
     * <pre>
     * action: received bytes are dropped until the request ends, at most for the drain timeout
     * transitions to:
     *   DRAINING       : the answer is written
     *   WRITING_ANSWER : the request has ended
     *   FINISHED       : the connection failed
     * </pre>
     */
    ANSWERED_EARLY,

    /**
     * The answer is written, but the request has not ended.
     *
     * <pre>
     * action: received bytes are dropped until the request ends, at most for the drain timeout
     * transitions to:
     *   FINISHED : the request has ended, or the connection failed
     * </pre>
     */
    DRAINING,

    /**
     * The request has ended, and the answer is being written.
     *
     * <pre>
     * action: none
     * transitions to:
     *   FINISHED : the answer is written, or the connection failed
     * </pre>
     */
    WRITING_ANSWER,

    /**
     * The request has ended and the answer is written, or the connection failed.
     *
     * <pre>
     * action: late events are ignored
     * transitions to: none
     * </pre>
     */
    FINISHED;

    /**
     * Returns the given next state.
     *
     * @throws IllegalStateException if this state has no transition to the next state
     */
    ExchangeState transitionTo(ExchangeState next) {
        if (!canBecome(next)) {
            throw new IllegalStateException("Expected a legal transition, but got " + this + " to " + next);
        }
        return next;
    }

    private boolean canBecome(ExchangeState next) {
        return switch (this) {
            case RECEIVED -> next == READING_BODY || next == ANSWERED_EARLY;
            case READING_BODY -> next == DECIDING || next == ANSWERED_EARLY;
            case DECIDING -> next == WAITING_FOR_KAFKA || next == WRITING_ANSWER;
            case WAITING_FOR_KAFKA -> next == WRITING_ANSWER;
            case ANSWERED_EARLY -> next == DRAINING || next == WRITING_ANSWER || next == FINISHED;
            case DRAINING, WRITING_ANSWER -> next == FINISHED;
            case FINISHED -> false;
        };
    }

    boolean isAnswered() {
        return compareTo(ANSWERED_EARLY) >= 0;
    }
}
