package io.handover.ingress;

/** The decision on how a delivery is handled. */
sealed interface DeliveryDecision {

    /** Store the delivery under the key. */
    record Store(String key) implements DeliveryDecision {}

    /**
     * Send the delivery to the dead letters, then answer.
     *
     * @param reason one sentence, without content of the body
     */
    record DeadLetter(DeliveryOutcome outcome, String reason) implements DeliveryDecision {}

    /** Answer without storing anything. */
    record Answer(DeliveryOutcome outcome) implements DeliveryDecision {}
}
