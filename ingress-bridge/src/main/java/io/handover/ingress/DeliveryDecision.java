package io.handover.ingress;

/** The decision of the bridge about one delivery. */
sealed interface DeliveryDecision {

    /** Store the delivery in Kafka with this key, then answer. */
    record Store(String key) implements DeliveryDecision {}

    /**
     * Send the delivery to the dead letters, then answer with the outcome.
     *
     * @param reason why the delivery is a dead letter, in one sentence without content of the body
     */
    record DeadLetter(DeliveryOutcome outcome, String reason) implements DeliveryDecision {}

    /** Answer with the outcome, without sending a record to Kafka. */
    record Answer(DeliveryOutcome outcome) implements DeliveryDecision {}
}
